"""Tests of the catalogue import its models at the top: Django is set up before they are collected."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
django.setup()
