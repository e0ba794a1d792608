"""What is kept compiled is what the sources give; templates and names say what they mean."""

import re
import unittest

from tools.build import (
    BUILD, FOLDER, MOST_CODE, REGISTRY, encode, everything, linked_source, registry_layout, template)
from tools.template import TemplateError, VerifyingKey, fill


class BuildTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.contracts = everything()

    def test_build_is_identical(self):
        self.assertEqual({path.stem for path in BUILD.glob("*.json")}, set(self.contracts))
        for name, entry in self.contracts.items():
            with self.subTest(contract=name):
                self.assertEqual((BUILD / f"{name}.json").read_text(), encode(entry))

    def test_code_fits(self):
        """Immutables follow the code, and count: at most 80 words of a key, three words of the registry."""
        for name, entry in self.contracts.items():
            words = {"Registry": 3, "Settlement": 0}.get(name, 80)
            self.assertLessEqual(entry["runtimeBytes"] + 32 * words, MOST_CODE, name)

    def test_interface(self):
        """The registry's ABI holds what the settlement answers for it."""
        names = {entry.get("name") for entry in self.contracts["Registry"]["abi"]}
        for entry in self.contracts["Settlement"]["abi"]:
            if entry["type"] == "function":
                self.assertIn(entry["name"], names)

    def test_one_storage(self):
        """Both contracts use the same words for the same things, or a delegated call would write elsewhere."""
        layouts = [registry_layout(name) for name in REGISTRY]
        self.assertGreater(len(layouts[0]), 15)
        self.assertEqual(*layouts)

    def test_reasons(self):
        """Every reason is its name, in ASCII; every reason is used."""
        text = (FOLDER / "registry" / "reasons.vy").read_text()
        sources = "".join(
            (FOLDER / "registry" / name).read_text() for name in ("Registry.vy", "Settlement.vy", "state.vy"))
        reasons = re.findall(r"^([A-Z_]+): constant\(bytes32\) = 0x([0-9a-f]{64})$", text, re.MULTILINE)
        self.assertGreater(len(reasons), 60)
        for name, value in reasons:
            with self.subTest(reason=name):
                self.assertEqual(
                    bytes.fromhex(value).rstrip(b"\0").decode(), name.lower().replace("_", "-"))
                self.assertIn(f"why.{name}", sources)


class TemplateTests(unittest.TestCase):
    def test_shapes(self):
        for challenges in (0, 1, 4):
            for inputs in (0, 3):
                source = linked_source(challenges, inputs, 2)
                self.assertNotIn("{{", source)
                self.assertNotIn("#each", source)
                self.assertEqual(source.count("ZKPOT-V1-CHALLENGE"), challenges)

    def test_malformed_templates(self):
        for text in ("{{nothing}}", "#each wire\n#end", "#each input\n#each input\n#end", "#end", "#each input\na"):
            with self.assertRaises(TemplateError):
                fill(text, 1, 1, 1)

    def test_impossible_shapes(self):
        with self.assertRaises(TemplateError):
            fill(template("PlainVerifier"), 0, 0, linked=False)
        with self.assertRaises(TemplateError):
            fill(template("PlainVerifier"), 1, 1, linked=False)

    def test_malformed_keys(self):
        for data in (b"", b"ZKPOTV", b"ZKPOTP" + bytes(200), bytes(3000)):
            with self.assertRaises(TemplateError):
                VerifyingKey.decode(data)


if __name__ == "__main__":
    unittest.main()
