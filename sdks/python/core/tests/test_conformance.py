from __future__ import annotations

import unittest

from .conformance_checks import CHECKS
from .vectors import expanded, files, read


class Conformance(unittest.TestCase):
    def test_every_file_of_vectors_is_read_and_has_as_many_cases_as_the_manifest_says(self) -> None:
        self.assertEqual(files(), sorted(CHECKS))
        counts = {file: len(read(file)["cases"]) for file in files()}
        self.assertEqual(counts, read("manifest.json"))

    def test_every_case_holds(self) -> None:
        for file in files():
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
