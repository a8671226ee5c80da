#include "admin/lookup.hpp"

#include "messages/subscription.hpp"

namespace muster {

namespace {

void no_subscription(admin_call& call) {
  call.fail(errc::not_found, "There is no such subscription");
}

} // namespace

void with_connection(const call_ptr& call, std::function<void(const roll_entry&)> then) {
  call->ask<found_connection>(
      call->addresses().registry, find_connection{call->path("id")},
      [then = std::move(then)](const found_connection& found) { then(found.entry); });
}

void with_topic(const call_ptr& call, std::function<void(const found_topic&)> then) {
  find_topic question;
  question.name = call->path("name");
  call->ask<found_topic>(call->addresses().topics, std::move(question), std::move(then));
}

void with_topic_of_key(const call_ptr& call, std::function<void(const found_topic&)> then) {
  const auto number = topic_number_of(call->path("sub_key"));
  if (!number) {
    no_subscription(*call);
    return;
  }
  find_topic question;
  question.number = *number;
  call->ask<found_topic>(
      call->addresses().topics, std::move(question), std::move(then),
      [call](const caf::error& error) {
        if (code_of(error) == errc::not_found)
          no_subscription(*call);
        else
          call->fail(error);
      },
      usual_patience);
}

} // namespace muster
