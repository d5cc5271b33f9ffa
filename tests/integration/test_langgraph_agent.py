"""An agent of LangGraph that remembers across threads, with a scripted chat model."""

from typing import Annotated, Any

import pytest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph  # pyright: ignore[reportMissingTypeStubs]
from langgraph.prebuilt import InjectedStore, ToolNode, tools_condition
from langgraph.store.base import BaseStore

from recollect import AsyncMemory, Memory
from recollect.integrations.langgraph import RecollectStore


@pytest.fixture
def store(memory: Memory) -> RecollectStore:
    """The store of user ana."""
    return RecollectStore(memory, user_id="ana")


class ScriptedModel(BaseChatModel):
    """A chat model that says what it was told to, and keeps what it was asked."""

    script: list[AIMessage]
    asked: list[list[BaseMessage]] = []  # noqa: RUF012 - pydantic copies it

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **given: Any) -> Any:  # noqa: ARG002 - it knows what it will call
        return self

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        self.asked.append(messages)
        return ChatResult(generations=[ChatGeneration(message=self.script.pop(0))])


@tool
def remember(text: str, store: Annotated[BaseStore, InjectedStore()]) -> str:
    """Keeps something for later conversations."""
    store.put(("memories",), text[:40], {"text": text})
    return "noted"


def agent(model: ScriptedModel, store: BaseStore) -> Any:
    """Recalls what the question brings up, answers, and keeps what it calls ``remember`` for."""

    def answer(state: MessagesState, *, store: BaseStore) -> dict[str, Any]:
        question = next(m for m in reversed(state["messages"]) if isinstance(m, HumanMessage))
        found = store.search(("memories",), query=str(question.content), limit=3)
        known = "\n".join(item.value["text"] for item in found)
        return {"messages": [model.invoke([SystemMessage(f"You know:\n{known}"), *state["messages"]])]}

    graph: Any = StateGraph(MessagesState)
    graph.add_node("answer", answer)
    graph.add_node("tools", ToolNode([remember]))
    graph.add_edge(START, "answer")
    graph.add_conditional_edges("answer", tools_condition)
    graph.add_edge("tools", "answer")
    return graph.compile(checkpointer=InMemorySaver(), store=store)


def script() -> list[AIMessage]:
    call = {"name": "remember", "args": {"text": "Ana is allergic to peanuts"}, "id": "1", "type": "tool_call"}
    return [AIMessage("", tool_calls=[call]), AIMessage("I will keep that in mind."), AIMessage("No peanuts for you.")]


def test_an_agent_remembers_across_threads(memory: Memory, store: RecollectStore):
    model = ScriptedModel(script=script())
    graph = agent(model, store)
    first, second = ({"configurable": {"thread_id": thread}} for thread in ("one", "two"))
    graph.invoke({"messages": [HumanMessage("I am allergic to peanuts")]}, first)
    done = graph.invoke({"messages": [HumanMessage("What may I eat at the fair? I have an allergy")]}, second)
    assert done["messages"][-1].content == "No peanuts for you."
    assert model.asked[0][0].content == "You know:\n"
    assert len(done["messages"]) == 2  # the threads share the store and nothing else
    assert model.asked[-1][0].content == "You know:\nAna is allergic to peanuts"
    assert "peanuts" in memory.context("What is Ana allergic to?", user_id="ana").render(budget_tokens=400)


@pytest.mark.anyio
async def test_the_same_agent_run_asynchronously(async_memory: AsyncMemory):
    model = ScriptedModel(script=script())
    graph = agent(model, RecollectStore(async_memory, user_id="ana"))
    first, second = ({"configurable": {"thread_id": thread}} for thread in ("one", "two"))
    await graph.ainvoke({"messages": [HumanMessage("I am allergic to peanuts")]}, first)
    await graph.ainvoke({"messages": [HumanMessage("What may I eat at the fair? I have an allergy")]}, second)
    assert model.asked[-1][0].content == "You know:\nAna is allergic to peanuts"
