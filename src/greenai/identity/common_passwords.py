"""Passwords that are tried first: words that most lists of leaked ones begin with, in several languages.

As they are left when digits and signs are taken away or read as the letters they look like."""

from __future__ import annotations

from typing import Final

WORDS: Final = """
    abcabcabc abcdefgh abcdefghijkl admin adminadmin administration administrator arsenal asdfgh
    asdfghjkl autumn azerty baseball batman bienvenue changeit changeme charlie chelsea computer
    contrasena december default donttellanyone dragon football freedom friday
    george greenai guest hunter iloveyou iloveyouforever internet january jennifer jordan killer letmein
    letmeinplease liverpool login london manchester master michael monday monkey motdepasse mustang
    mypassword newyork nopassword opensesame passphrase password passwordpassword passwort pokemon
    princess qwerty qwertyqwerty qwertyuiop qwertz qwertzuiop reconcile reconciliation rootroot secret
    senha shadow spring starwars summer sunshine superman testing testtest thepassword thomas trustno
    welcome welcomewelcome whatever willkommen winter yxcvbnm zxcvbnm
"""
COMMON: Final = frozenset(WORDS.split())
"""In small letters."""
