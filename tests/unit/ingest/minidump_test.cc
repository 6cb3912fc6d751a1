// Minidumps: what the streams say, damaged dumps, and the fields beside them.
#include "ingest/minidump/minidump.h"

#include <gtest/gtest.h>

#include "event/event_json.h"
#include "ingest/minidump/msgpack.h"

namespace mishap {
namespace {

bool big_endian = false;  // of the dumps that are made

void Put(std::string& out, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t place = big_endian ? width - 1 - i : i;
    out.push_back(static_cast<char>(value >> (8 * place) & 0xFF));
  }
}

// A dump with a system, an exception and one module: header 32, directory 36, then the streams.
std::string Dump(std::uint32_t platform = 2, std::uint32_t code = 0xC0000005,
                 std::uint64_t address = 0x140001234) {
  std::string system;
  Put(system, 9, 2);  // amd64
  system.resize(8, '\0');
  for (std::uint32_t part : {10u, 0u, 19045u, platform}) Put(system, part, 4);
  system.resize(32, '\0');
  std::string exception(8, '\0');
  Put(exception, code, 4);
  Put(exception, 0, 4);
  Put(exception, 0, 8);
  Put(exception, address, 8);
  const std::uint32_t system_at = 68;
  const std::uint32_t exception_at = system_at + 32;
  const std::uint32_t modules_at = exception_at + 32;
  const std::uint32_t name_at = modules_at + 4 + 108;
  std::string modules;
  Put(modules, 1, 4);
  Put(modules, 0x140000000, 8);
  Put(modules, 0x10000, 4);
  Put(modules, 0, 8);
  Put(modules, name_at, 4);
  modules.resize(4 + 108, '\0');
  const std::string_view path = "C:\\app\\shop.exe";
  std::string name;
  Put(name, path.size() * 2, 4);
  for (char c : path) Put(name, static_cast<unsigned char>(c), 2);
  std::string out = big_endian ? "PMDM" : "MDMP";
  for (std::uint32_t number : {0xA793u, 3u, 32u, 0u, 0u, 0u, 0u}) Put(out, number, 4);
  for (auto [type, at] :
       {std::pair{7u, system_at}, std::pair{6u, exception_at}, std::pair{4u, modules_at}}) {
    for (std::uint32_t number : {type, 0u, at}) Put(out, number, 4);
  }
  return out + system + exception + modules + name;
}

Event EventOf(const CrashSummary& crash, const std::vector<FormPart>& fields) {
  JsonTree tree;
  std::string json = MinidumpEvent(crash, fields, tree);
  auto event = EventReader().Read(json);
  EXPECT_TRUE(event) << json;
  return event ? *event : Event{};
}

TEST(Minidump, StreamsSayWhatCrashed) {
  CrashSummary crash = ReadMinidump(Dump(), 10);
  EXPECT_EQ(crash.reason, "EXCEPTION_ACCESS_VIOLATION");
  EXPECT_EQ(crash.address, "0x140001234");
  EXPECT_EQ(crash.module, "shop.exe");
  EXPECT_EQ(crash.offset, "0x1234");
  EXPECT_EQ(crash.system, "Windows");
  EXPECT_EQ(crash.system_version, "10.0.19045");
  EXPECT_EQ(crash.arch, "amd64");
  EXPECT_EQ(ReadMinidump(Dump(0x8201, 11), 10).reason, "SIGSEGV");
  EXPECT_EQ(ReadMinidump(Dump(0x8101, 1), 10).reason, "EXC_BAD_ACCESS");
  EXPECT_EQ(ReadMinidump(Dump(2, 0xDEAD), 10).reason, "0xdead");
  EXPECT_EQ(ReadMinidump(Dump(2, 1, 0x10), 10).module, "");  // outside of all modules
  EXPECT_EQ(ReadMinidump(Dump(), 0).module, "");
}

TEST(Minidump, TheOtherOrderOfBytes) {
  big_endian = true;
  const std::string dump = Dump(0x8201, 11);
  big_endian = false;
  ASSERT_TRUE(LooksLikeMinidump(dump));
  const CrashSummary crash = ReadMinidump(dump, 10);
  EXPECT_EQ(crash.reason, "SIGSEGV");
  EXPECT_EQ(crash.address, "0x140001234");
  EXPECT_EQ(crash.module, "shop.exe");
  EXPECT_EQ(crash.system, "Linux");
  EXPECT_EQ(crash.system_version, "10.0.19045");
}

// Streams behind each other: threads 7 and 8 (which crashed) with contexts, a module with a PDB.
std::string DumpWithThreads() {
  std::string out = Dump();
  auto append = [&](const std::string& bytes) {
    const auto at = static_cast<std::uint32_t>(out.size());
    out += bytes;
    return at;
  };
  std::string context(0x100, '\0');
  std::string rip;
  Put(rip, 0x140000010, 8);
  context.replace(0xF8, 8, rip);
  const std::uint32_t context_at = append(context);
  std::string threads;
  Put(threads, 2, 4);
  for (std::uint32_t id : {7u, 0u}) {
    const std::size_t start = threads.size();
    Put(threads, id, 4);
    threads.resize(start + 44, '\0');
    Put(threads, id == 7 ? context_at : 0, 4);
  }
  const std::uint32_t threads_at = append(threads);
  std::string view = "RSDS";
  for (std::uint32_t part : {0x11223344u, 0x66775588u, 0xDDCCBBAAu, 0x0011FFEEu, 2u}) {
    Put(view, part, 4);
  }
  view += "shop.pdb";
  const std::uint32_t view_at = append(view);
  std::string number;
  Put(number, view.size(), 4);
  Put(number, view_at, 4);
  const std::size_t module = 68 + 32 + 32 + 4;
  out.replace(module + 76, 8, number);
  std::string entry;
  for (std::uint32_t part : {3u, 0u, threads_at}) Put(entry, part, 4);
  out.replace(32 + 12, 12, entry);
  return out;
}

TEST(Minidump, ThreadsAndModulesAreInTheEvent) {
  // The exception's entry of the directory gave way to the threads'.
  const CrashSummary crash = ReadMinidump(DumpWithThreads(), 10);
  ASSERT_EQ(crash.modules.size(), 1u);
  EXPECT_EQ(crash.modules[0].path, "C:\\app\\shop.exe");
  EXPECT_EQ(crash.modules[0].debug_id, "11223344-5588-6677-aabb-ccddeeff1100-2");
  EXPECT_EQ(crash.modules[0].debug_file, "shop.pdb");
  ASSERT_EQ(crash.threads.size(), 2u);
  EXPECT_EQ(crash.threads[0].id, 7u);
  EXPECT_EQ(crash.threads[0].instruction, 0x140000010u);
  EXPECT_FALSE(crash.threads[0].crashed);
  const Event event = EventOf(crash, {});
  ASSERT_EQ(event.threads.size(), 2u);
  ASSERT_TRUE(event.threads[0].stacktrace);
  EXPECT_EQ(event.threads[0].stacktrace->frames[0].package, "shop.exe");
  JsonTree tree;
  const std::string json = MinidumpEvent(crash, {}, tree);
  EXPECT_NE(json.find(R"("type":"pe","code_file":"C:\\app\\shop.exe","image_addr":"0x140000000")"),
            std::string::npos)
      << json;
}

TEST(Minidump, DamageIsNoMoreThanMissingFields) {
  const std::string good = Dump();
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    static_cast<void>(ReadMinidump(std::string_view(good).substr(0, cut), 10));
  }
  for (std::size_t at = 4; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = '\xFF';
    static_cast<void>(ReadMinidump(bad, 10));
  }
  EXPECT_TRUE(ReadMinidump("PMDM", 10).reason.empty());
  EXPECT_TRUE(ReadMinidump("MDMP" + std::string(28, '\xFF'), 10).reason.empty());
}

TEST(Minidump, TheEventHasTheCrashAndTheFields) {
  std::vector<FormPart> fields = {
      {"sentry", "", R"({"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","release":"shop@1",
                        "level":"info","tags":{"a":"1"},"exception":[{"type":"Sent"}]})"},
      {"sentry[tags][b]", "", "2"},
      {"sentry[environment]", "", "staging"},
      {"prod", "", "Electron"},
      {"upload_file_minidump", "", "MDMP"}};
  Event event = EventOf(ReadMinidump(Dump(), 10), fields);
  EXPECT_EQ(ToHex(event.id), "9ec79c33ec9942ab8353589fcb2e04dc");
  EXPECT_EQ(event.platform, "native");
  EXPECT_EQ(event.level, Level::kFatal);
  EXPECT_EQ(event.release, "shop@1");
  EXPECT_EQ(event.environment, "staging");
  EXPECT_EQ(event.Tag("a"), "1");
  EXPECT_EQ(event.Tag("b"), "2");
  ASSERT_EQ(event.extra.size(), 1u);
  EXPECT_EQ(event.extra[0].first, "prod");
  ASSERT_EQ(event.exceptions.size(), 1u);
  EXPECT_EQ(event.exceptions[0].type, "EXCEPTION_ACCESS_VIOLATION");
  EXPECT_EQ(event.exceptions[0].value, "shop.exe+0x1234");
  ASSERT_TRUE(event.exceptions[0].mechanism);
  EXPECT_EQ(event.exceptions[0].mechanism->handled, false);
  EXPECT_EQ(event.contexts.size(), 2u);
}

TEST(Minidump, ChunksAndGarbage) {
  Event chunked =
      EventOf({}, {{"sentry__2", "", R"("web@2"})"}, {"sentry__1", "", R"({"release":)"}});
  EXPECT_EQ(chunked.release, "web@2");
  Event garbage =
      EventOf({}, {{"sentry", "", "{broken"}, {"sentry[", "", "x"}, {"sentry[]", "", "y"}});
  ASSERT_EQ(garbage.exceptions.size(), 1u);
  EXPECT_EQ(garbage.exceptions[0].type, "Minidump");
}

// What sentry-native leaves beside a dump; MessagePack by hand.
TEST(Minidump, PackedEventAndBreadcrumbsArePartOfTheEvent) {
  // {"release": "packed@1", "tags": {"a": "p", "c": "p"}, "event_id": ..., 3: nil}
  const std::string event =
      "\x84\xa7release\xa8packed@1\xa4tags\x82\xa1"
      "a\xa1p\xa1"
      "c\xa1p"
      "\xa8"
      "event_id\xd9\x20"
      "9ec79c33ec9942ab8353589fcb2e04dc\x03\xc0";
  const auto breadcrumb = [](std::string_view time, std::string_view message) {
    return "\x82\xa9timestamp\xb4" + std::string(time) + "\xa7message\xa3" + std::string(message);
  };
  const std::string late = breadcrumb("2026-05-01T10:00:02Z", "new");
  const std::string early = breadcrumb("2026-05-01T10:00:00Z", "old") +
                            breadcrumb("2026-05-01T10:00:01Z", "mid") + "\x82\xa9tim";  // cut off
  Event read = EventOf(
      {}, {{std::string(kEventPart), "event", event},
           {"sentry", "", R"({"event_id":"00000000000000000000000000000009","tags":{"a":"j"}})"},
           {std::string(kBreadcrumbParts[0]), "1", late},
           {std::string(kBreadcrumbParts[1]), "2", early}});
  EXPECT_EQ(ToHex(read.id), "9ec79c33ec9942ab8353589fcb2e04dc");
  EXPECT_EQ(read.release, "packed@1");
  EXPECT_EQ(read.Tag("a"), "j");
  EXPECT_EQ(read.Tag("c"), "p");
  ASSERT_GE(read.breadcrumbs.size(), 3u);
  EXPECT_EQ(read.breadcrumbs[0].message, "old");
  EXPECT_EQ(read.breadcrumbs[1].message, "mid");
  EXPECT_EQ(read.breadcrumbs.back().message, "new");
}

TEST(Minidump, MessagePackOfEveryType) {
  const auto json = [](std::string_view bytes) {
    std::string out;
    const bool good = AppendMsgpackSequence(out, bytes).has_value();
    return (good ? "" : "cut ") + out;
  };
  using namespace std::string_view_literals;
  EXPECT_EQ(json("\x00\x7f\xff\xe0\xcc\xc8\xcd\x01\x00\xd0\x80\xd1\xff\x00"sv),
            "[0,127,-1,-32,200,256,-128,-256]");
  EXPECT_EQ(json("\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xd3\x80\0\0\0\0\0\0\0"sv),
            "[18446744073709551615,-9223372036854775808]");
  EXPECT_EQ(json("\xca\x3f\xc0\0\0\xcb\x3f\xf8\0\0\0\0\0\0\xc2\xc3\xc0"sv),
            "[1.5,1.5,false,true,null]");
  EXPECT_EQ(json("\xc4\x01"
                 "b\xda\0\x02hi\xd6\xff\0\0\0\0\xc7\x01\x05"
                 "x"sv),
            R"(["b","hi",null,null])");
  EXPECT_EQ(json("\x92\x01\x91\x02\xdc\0\x01\x03\x80"sv), "[1,[2],3,{}]");
  EXPECT_EQ(json("\x81\x07\x04"sv), R"([{"7":4}])");
  EXPECT_EQ(json("\x81\x93\x01\x02\x03\x04"sv), "cut [{}]");
  EXPECT_EQ(json("\xdd\xff\xff\xff\xff\x01"sv), "cut [1,null]");
  EXPECT_EQ(json("\x82\xa1"
                 "a\x01\xa5"
                 "b"sv),
            R"(cut [{"a":1}])");
  EXPECT_EQ(json("\xc1"sv), "cut [null]");
  // A key in a key in a key: as texts within texts these would double 60 times.
  EXPECT_LT(json(std::string(60, '\x81') + "a" + std::string(60, '\xc0')).size(), 1'024u);
  const std::string deep(100'000, '\x91');
  EXPECT_TRUE(json(deep).starts_with("cut "));
}

TEST(Minidump, AppleReportsSayWhatCrashed) {
  JsonTree tree;
  const std::string json =
      AppleCrashEvent("Incident: 1\nProcess:  Shop [12]\nException Type:  EXC_CRASH (SIGABRT)\n");
  auto event = EventReader().Read(json);
  ASSERT_TRUE(event) << json;
  EXPECT_EQ(event->exceptions[0].type, "EXC_CRASH (SIGABRT)");
  EXPECT_EQ(event->exceptions[0].value, "Shop [12]");
  EXPECT_EQ(event->level, Level::kFatal);
  EXPECT_TRUE(EventReader().Read(AppleCrashEvent("{\"a\":1}")));
}

}  // namespace
}  // namespace mishap
