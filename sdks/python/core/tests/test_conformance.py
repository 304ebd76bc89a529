from __future__ import annotations

import unittest

from .conformance_checks import CHECKS
from .vectors import expanded, files, read

#: What the clients do alike; read by `test_blueprint_vectors`.
OF_CLIENTS = ("blueprints.json",)
OURS = [file for file in files() if file not in OF_CLIENTS]


class Conformance(unittest.TestCase):
    def test_every_file_of_vectors_is_read_and_has_as_many_cases_as_the_manifest_says(self) -> None:
        self.assertEqual(OURS, sorted(CHECKS))
        counts = {file: len(read(file)["cases"]) for file in OURS}
        manifest = read("manifest.json")
        self.assertEqual(counts, {file: manifest[file] for file in manifest if file not in OF_CLIENTS})

    def test_every_case_holds(self) -> None:
        for file in OURS:
            names = []
            for case in read(file)["cases"]:
                with self.subTest(file=file, case=case["name"]):
                    vector = expanded(case)
                    if vector.get("error"):
                        self.assertRaises(ValueError, CHECKS[file], vector)
                    else:
                        CHECKS[file](vector)
                    names.append(case["name"])
            self.assertEqual(len(set(names)), read("manifest.json")[file])
