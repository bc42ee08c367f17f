"""The server of the review app: `streamlit run review_app/app.py` finds `app` here."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from review_app import screens
from review_app.headers import SafeHeaders


@asynccontextmanager
async def warm(_app: st.App) -> AsyncIterator[None]:
    """Import what the first page needs, then take it out of the garbage collector's rounds.

    The first visitor would wait 0.6 to 0.9 s for these imports.
    """
    for screen in pkgutil.walk_packages(screens.__path__, prefix=f"{screens.__name__}."):
        importlib.import_module(screen.name)
    gc.collect()
    gc.freeze()
    yield


app = st.App(
    Path(__file__).with_name("desk.py"), lifespan=warm, middleware=[Middleware(SafeHeaders)]
)
