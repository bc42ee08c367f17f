"""The server of the review app: `streamlit run review_app/app.py` finds `app` here."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from review_app.headers import SafeHeaders


@asynccontextmanager
async def warm(_app: st.App) -> AsyncIterator[None]:
    """Import what the first page needs, then take it out of the garbage collector's rounds.

    The first visitor would wait 0.6 to 0.9 s for these imports.
    """
    from review_app.screens import case, cases, decisions, queue  # noqa: F401, PLC0415 - warming

    gc.collect()
    gc.freeze()
    yield


app = st.App(
    Path(__file__).with_name("desk.py"), lifespan=warm, middleware=[Middleware(SafeHeaders)]
)
