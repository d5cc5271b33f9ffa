"""One of everything for a user of the REST door, by the names that ``tests/api_requests.py`` asks for it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from recollect.memory.memory import AsyncFacade

Things = Mapping[str, str]
MODULE = 'package recollect.{name}\n\n# {word}\napplies if input.action == "write"\n\nallow if true\n'


async def things_of(memory: AsyncFacade, user_id: str, secret: str, mark: str) -> dict[str, str]:
    """One of everything for a user; by the names of the placeholders, its ids.

    Args:
        memory: the tenant's.
        user_id: whose.
        secret: a word that is in all of it, but in no id: refusals quote ids that the caller sent.
        mark: a capitalised word from which ids are made where they can be chosen.
    """
    found = {"user": user_id, "conversation": f"c-{mark}", "value": f"v-{mark}", "field": "favourite", "member": "cleo"}
    receipt = await memory.add(
        [{"role": "user", "content": f"My word is {secret}, and my sister {mark} works at Siemens"}],
        user_id=user_id,
        conversation_id=found["conversation"],
        metadata={"word": secret},
    )
    other = await memory.add(f"I live in {secret.title()} City", user_id=user_id)
    found |= {"memory": str(receipt.id), "other": str(other.id), "entity": mark, "source": f"s-{mark}"}
    await memory.sources.add(found["source"], uri=secret)
    doubted = await memory.add(f"Rumour: {secret}", user_id=user_id, source="unknown")
    found |= {"doubted": str(doubted.id)} | await _shared(memory, user_id, secret, mark)
    found |= await _ties(memory, found, secret) | await _tasks(memory, user_id, secret)
    await _at_hand(memory, found, secret)
    policy, key = f"p_{mark.lower()}", await memory.keys.create(f"k {secret}", access="read", user_id=user_id)
    await memory.policies.add(policy, MODULE.format(name=policy, word=secret), active=False)
    gone = await memory.add("Nobody needs to know this", user_id=user_id)
    assert gone.id is not None
    certificate = await memory.erasure.memory(gone.id, user_id=user_id)
    kept = await memory.search(f"What is {secret}?", user_id=user_id, trace=True)
    now = datetime.now(UTC)
    return found | {
        "policy": policy,
        "key": str(key.key.id),
        "certificate": certificate.to_json(),
        "trace": str(kept.trace_id),
        "before": (now - timedelta(hours=1)).isoformat(),
        "after": now.isoformat(),
    }


async def _shared(memory: AsyncFacade, user_id: str, secret: str, mark: str) -> dict[str, str]:
    project, channel = f"project-{mark}", f"channel-{mark}"
    await memory.projects.create(project, user_id=user_id, name=secret)
    await memory.projects.set_member(project, "cleo", user_id=user_id)
    shared = await memory.add(f"The plan is {secret}", user_id=user_id, project_id=project, share=True)
    await memory.channels.link(channel, project, user_id=user_id, name=secret)
    return {"project": project, "channel": channel, "shared": str(shared.id)}


async def _ties(memory: AsyncFacade, found: Things, secret: str) -> dict[str, str]:
    user_id = found["user"]
    collection = await memory.collections.create(secret, user_id=user_id, description=secret)
    await memory.collections.add(collection.id, [found["memory"]], user_id=user_id)
    await memory.relationships.add(found["memory"], found["other"], "related", user_id=user_id)
    await memory.entities.describe(found["entity"], user_id=user_id, description=secret)
    await memory.profiles.update(user_id=user_id, preferences={"word": secret})
    return {"collection": str(collection.id)}


async def _tasks(memory: AsyncFacade, user_id: str, secret: str) -> dict[str, str]:
    goal = await memory.goals.add(secret, user_id=user_id, description=secret)
    strategy = await memory.procedures.learn(secret, user_id=user_id, task=secret)
    reflection = await memory.procedures.reflect(secret, user_id=user_id, outcome={"word": secret})
    await memory.tools.record(f"tool-{secret}", user_id=user_id, arguments={"word": secret})
    return {"goal": str(goal.id), "strategy": str(strategy.id), "reflection": str(reflection.id)}


async def _at_hand(memory: AsyncFacade, found: Things, secret: str) -> None:
    user_id = found["user"]
    await memory.sessions.start(user_id=user_id, state={"word": secret})
    await memory.identity.set(found["field"], {"word": secret}, user_id=user_id)
    await memory.working.think(secret, user_id=user_id)
    await memory.working.set(found["value"], secret, user_id=user_id)
    await memory.working.sense(secret, user_id=user_id)
