#include "cli/text.hpp"

#include "cli/table.hpp"
#include "tests/catch.hpp"

using namespace muster;

TEST_CASE("control characters and marks of direction are spelt out") {
  CHECK(harmless("plain äöü 漢字") == "plain äöü 漢字");
  CHECK(harmless("\x1b[31mred") == "\\u001b[31mred");
  CHECK(harmless("a\nb\x7f") == "a\\u000ab\\u007f");
  CHECK(harmless("\u202Egnp.exe") == "\\u202egnp.exe");
  CHECK(harmless("a\u200Bb\uFEFF") == "a\\u200bb\\ufeff");
  CHECK(harmless("\u009B31m") == "\\u009b31m");
}

TEST_CASE("bytes that are no UTF-8 are replaced one by one") {
  CHECK(harmless("a\xFFz") == "a\uFFFDz");
  CHECK(harmless("\xC0\xAF") == "\uFFFD\uFFFD");
  CHECK(harmless("\xE2\x82") == "\uFFFD\uFFFD");
  CHECK(harmless("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("wide characters count two columns, combining ones none") {
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("漢字") == 4);
  CHECK(columns_of("e\u0301") == 1);
  CHECK(cut_to("abcdef", 6) == "abcdef");
  CHECK(cut_to("abcdefg", 6) == "abcde…");
  CHECK(cut_to("漢字漢字", 6) == "漢字…");
}

TEST_CASE("what goes into a path is percent-encoded") {
  CHECK(percent_encoded("a b/c~ä") == "a%20b%2Fc~%C3%A4");
}

TEST_CASE("a table aligns its columns") {
  table testee{{"id", "name"}};
  testee.add({"1", "漢字"});
  testee.add({"23", "b"});
  CHECK(testee.print(0, false) == "id  name\n1   漢字\n23  b\n");
  CHECK(testee.print(0, true).starts_with("\x1b[1mid  name\x1b[0m\n"));
}

TEST_CASE("a table narrows its widest columns to fit the terminal") {
  table testee{{"id", "name", "remark"}};
  testee.add({"ws.1", "a name of some length", "a remark that is even longer than that"});
  CHECK(testee.print(30, false)
        == "id    name         remark\n"
           "ws.1  a name of …  a remark t…\n");
  CHECK(testee.print(5, false) == "id    name    remark\nws.1  a nam…  a rem…\n");
}

TEST_CASE("a cell of a table cannot break out of its line") {
  table testee{{"name"}};
  testee.add({"evil\r\n\x1b[2Jrow"});
  CHECK(testee.print(0, false) == "name\nevil\\u000d\\u000a\\u001b[2Jrow\n");
}
