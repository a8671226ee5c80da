#include "actors/recent_publishers.hpp"

#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace muster;
using namespace std::chrono_literals;

namespace {

const timestamp noon{std::chrono::seconds{1795435200}};

std::vector<std::string> names_of(const recent_publishers& some) {
  std::vector<std::string> out;
  for (const auto& each : some.list())
    out.push_back(each.name + "@" + each.channel);
  return out;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("publishers are listed by when they published last") {
  recent_publishers testee;
  CHECK(testee.list().empty());
  testee.note("a", "crm", noon);
  testee.note("b", "crm", noon + 1s);
  testee.note("b", "crm", noon + 2s);
  CHECK(names_of(testee) == names{"b@crm", "a@crm"});
  testee.note("a", "crm", noon + 3s);
  CHECK(names_of(testee) == names{"a@crm", "b@crm"});
  const auto all = testee.list();
  CHECK(all[0].messages == 2);
  CHECK(all[0].last_at == noon + 3s);
  CHECK(all[1].messages == 2);
  CHECK(all[1].last_at == noon + 2s);
}

TEST_CASE("a publisher is one of its channel") {
  recent_publishers testee;
  testee.note("a", "crm", noon);
  testee.note("a", "erp", noon);
  testee.note("a", "", noon);
  testee.note("a", "crm", noon);
  CHECK(names_of(testee) == names{"a@crm", "a@", "a@erp"});
  CHECK(testee.list()[0].messages == 2);
}

TEST_CASE("of many publishers those who were silent the longest go first") {
  recent_publishers testee;
  const auto most = recent_publishers::max_publishers;
  for (std::size_t i = 0; i < most; ++i)
    testee.note(std::to_string(i), "crm", noon);
  testee.note("0", "crm", noon);
  testee.note("new", "crm", noon);
  auto found = names_of(testee);
  CHECK(found.size() == most);
  CHECK(found[0] == "new@crm");
  CHECK(found[1] == "0@crm");
  CHECK(found.back() == "2@crm");
  // One that comes again begins anew.
  testee.note("1", "crm", noon);
  CHECK(testee.list().front().messages == 1);
  CHECK(testee.list().size() == most);
}

TEST_CASE("what is counted are the last ten whole seconds") {
  recent_publishers testee;
  testee.note("a", "crm", noon);
  testee.note("b", "crm", noon);
  // The second is not over.
  CHECK(testee.lately() == 0);
  testee.next_second();
  CHECK(testee.lately() == 2);
  testee.note("a", "crm", noon + 1s);
  for (int i = 0; i < 9; ++i)
    testee.next_second();
  CHECK(testee.lately() == 3);
  testee.next_second();
  CHECK(testee.lately() == 1);
  testee.next_second();
  CHECK(testee.lately() == 0);
}
