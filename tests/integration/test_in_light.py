"""A turn is embedded as it is understood after what was said before it, by embedders that look at that."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt
import pytest

import recollect
from minilm_cache import minilm_cache
from recollect import bootstrap
from recollect.domain.chunking import View
from recollect.domain.scope import PROJECT_STREAM, Scope
from recollect.ports.embedder import ContextEmbedder
from recollect.settings import load_settings

pytest.importorskip("onnxruntime", reason="the extra recollect[minilm] is not installed")

pytestmark = pytest.mark.anyio

QUESTION, ANSWER = "Did you go to the pottery class with Anna?", "Yes, last week it was wonderful there."
FIRST = "My neighbour bought a green bicycle."


@pytest.fixture
async def reading(home: str) -> AsyncIterator[recollect.AsyncMemory]:
    """A memory of a tenant of its own whose embedder is MiniLM."""
    models = Path(home) / "models"
    models.symlink_to(minilm_cache())
    async with recollect.AsyncMemory(home=home, tenant_id=f"tenant-{uuid4()}", embedder="minilm") as memory:
        yield memory
    models.unlink()


async def say(memory: recollect.AsyncMemory, text: str, **given: object) -> UUID:
    said = {"user_id": "ana", "conversation_id": "monday", "speaker": "Eva", **given}
    receipt = await memory.add(text, **said)  # pyright: ignore[reportArgumentType] - as the cases say
    assert receipt.id is not None
    return receipt.id


async def stored(memory: recollect.AsyncMemory, memory_id: UUID, user_id: str = "ana") -> npt.NDArray[np.float32]:
    parts = await memory.core.ready()
    found = await parts.store.vectors(Scope(tenant_id=parts.tenant_id, user_id=user_id), [memory_id])
    return found[memory_id][0]


async def read_after(memory: recollect.AsyncMemory, text: str, *before: str) -> npt.NDArray[np.float32]:
    embedder = (await memory.core.ready()).embedder
    assert isinstance(embedder, ContextEmbedder)
    return (await embedder.embed_in_context([View("Eva: ", text, before)]))[0]


async def test_an_answer_is_read_after_its_question(reading: recollect.AsyncMemory):
    await say(reading, FIRST)
    await say(reading, QUESTION, speaker="Mel")
    vector = await stored(reading, await say(reading, ANSWER))
    expected = await read_after(reading, ANSWER, f"Eva: {FIRST}", f"Mel: {QUESTION}")
    np.testing.assert_allclose(vector, expected, atol=1e-3)
    embedder = (await reading.core.ready()).embedder
    asked = await embedder.embed_question("pottery class")
    assert float(asked @ vector) > float(asked @ await read_after(reading, ANSWER)) + 0.1


async def test_messages_of_one_call_are_read_after_each_other(reading: recollect.AsyncMemory):
    messages = [{"role": "assistant", "content": QUESTION}, {"role": "user", "content": ANSWER}]
    receipt = await reading.add(messages, user_id="ana", conversation_id="monday")
    (answer,) = [item.memory_id for item in receipt.items if item.text == ANSWER and item.memory_id is not None]
    embedder = (await reading.core.ready()).embedder
    assert isinstance(embedder, ContextEmbedder)
    (expected,) = await embedder.embed_in_context([View("", ANSWER, (QUESTION,))])
    np.testing.assert_allclose(await stored(reading, answer), expected, atol=1e-3)


async def test_another_conversation_or_another_user_is_no_light(reading: recollect.AsyncMemory):
    await say(reading, QUESTION, conversation_id="tuesday")
    await say(reading, QUESTION, user_id="ben")
    vector = await stored(reading, await say(reading, ANSWER))
    np.testing.assert_allclose(vector, await read_after(reading, ANSWER), atol=1e-3)


async def test_an_erased_question_leaves_no_shade_in_the_vector_of_its_answer(reading: recollect.AsyncMemory):
    await say(reading, FIRST)
    question = await say(reading, QUESTION, speaker="Mel")
    answer = await say(reading, ANSWER)
    await reading.erase(user_id="ana", memory_id=question)
    expected = await read_after(reading, ANSWER, f"Eva: {FIRST}")
    np.testing.assert_allclose(await stored(reading, answer), expected, atol=1e-3)


@pytest.mark.parametrize("whole", [True, False])
async def test_what_one_member_shared_and_erased_leaves_no_shade_in_what_another_said_after_it(
    reading: recollect.AsyncMemory, whole: bool
):
    await reading.projects.create("house", user_id="ben")
    await reading.projects.set_member("house", "ana", user_id="ben")
    shared = {"project_id": "house", "share": True}
    question = await say(reading, QUESTION, speaker="Ana", **shared)
    answer = await say(reading, ANSWER, user_id="ben", **shared)
    stream = PROJECT_STREAM + "house"
    lit = await read_after(reading, ANSWER, f"Ana: {QUESTION}")
    np.testing.assert_allclose(await stored(reading, answer, stream), lit, atol=1e-3)
    if whole:
        await reading.erasure.user(user_id="ana")
    else:
        await reading.erasure.memory(question, user_id="ana", project_id="house")
    np.testing.assert_allclose(await stored(reading, answer, stream), await read_after(reading, ANSWER), atol=1e-3)


async def test_vectors_made_anew_are_the_same(reading: recollect.AsyncMemory, home: str):
    await say(reading, FIRST)
    await say(reading, QUESTION, speaker="Mel")
    answer = await say(reading, ANSWER)
    before = await stored(reading, answer)
    await reading.models.reembed(every=True)
    np.testing.assert_allclose(await stored(reading, answer), before, atol=1e-3)
    tenant = (await reading.core.ready()).tenant_id
    with bootstrap.operator(load_settings(home=Path(home))) as operator:
        report = await operator.verify(tenant, "ana", lambda _: None, vectors=True)
    assert [one for stream in report.faulty for one in stream.deviations] == []


async def test_changed_words_are_read_in_the_same_light(reading: recollect.AsyncMemory):
    await say(reading, QUESTION, speaker="Mel")
    answer = await say(reading, ANSWER)
    await reading.update(answer, user_id="ana", text="Yes, on Friday, and it was dull.")
    expected = await read_after(reading, "Yes, on Friday, and it was dull.", f"Mel: {QUESTION}")
    np.testing.assert_allclose(await stored(reading, answer), expected, atol=1e-3)
