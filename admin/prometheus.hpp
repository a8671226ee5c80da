#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace muster {

/// Writes metrics in Prometheus' text format.
class prometheus_writer {
public:
  using label = std::pair<std::string_view, std::string_view>;

  /// The samples of a family follow its head. The kind is `counter` or `gauge`.
  prometheus_writer& family(std::string_view name, std::string_view kind, std::string_view help);
  /// A sample of the last family.
  prometheus_writer& sample(double value, std::initializer_list<label> tags = {});
  /// A family of one sample.
  prometheus_writer& single(std::string_view name, std::string_view kind, std::string_view help,
                            double value) {
    return family(name, kind, help).sample(value);
  }

  std::string take() { return std::move(out_); }

private:
  std::string out_;
  std::string name_;
};

} // namespace muster
