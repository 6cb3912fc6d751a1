// The converter against the contract: every field of mishap.v1.Event, found by reflection, must
// change the Event that is read. A field added to the .proto and forgotten in the reader fails
// here.
#include "ingest/grpc/proto_event.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <vector>

#include "event/event_json.h"
#include "ingest/grpc/proto_fields.h"
#include "mishap/v1/event.pb.h"

namespace mishap {
namespace {

namespace pb = google::protobuf;
using Path = std::vector<const pb::FieldDescriptor*>;

// All leaves below a message: each path leads over messages to one scalar.
void CollectLeaves(const pb::Descriptor& message, Path& path, std::vector<Path>& out) {
  for (int i = 0; i < message.field_count(); ++i) {
    const pb::FieldDescriptor* field = message.field(i);
    path.push_back(field);
    if (field->message_type() == nullptr) {
      out.push_back(path);
    } else {
      CollectLeaves(*field->message_type(), path, out);
    }
    path.pop_back();
  }
}

std::string NameOf(const Path& path) {
  std::string name;
  for (const auto* field : path) name += "." + field->name();
  return name;
}

void SetLeaf(pb::Message& message, const pb::FieldDescriptor& field, bool json) {
  const pb::Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING: {
      std::string text = json ? R"({"planted":"value"})" : "planted";
      if (field.name() == "event_id") text = "0123456789abcdef0123456789abcdef";
      if (field.is_repeated()) return reflection.AddString(&message, &field, text);
      return reflection.SetString(&message, &field, text);
    }
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, true);
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, &field, 1'777'000'000);
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field, 123'456'000);
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(&message, &field, 77);
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return reflection.SetUInt64(&message, &field, 0xABCDEF);
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&message, &field, 30);
    default:
      FAIL() << "a type of field that this test does not know: " << field.full_name();
  }
}

bool IsJson(const Path& path) {
  for (const auto* field : path) {
    if (field->name().ends_with("_json")) return true;
  }
  return false;
}

// An event in which only the messages on the way to a leaf are there, and the leaf if `set`. Keys
// and values of maps come in pairs, or neither could be seen.
std::string BytesWith(const Path& path, bool set) {
  v1::Event event;
  pb::Message* at = &event;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const pb::Reflection& reflection = *at->GetReflection();
    at = path[i]->is_repeated() ? reflection.AddMessage(at, path[i])
                                : reflection.MutableMessage(at, path[i]);
    if (!path[i]->is_map()) continue;
    const pb::Descriptor& entry = *path[i]->message_type();
    SetLeaf(*at, *entry.map_key(), false);
    if (IsJson(path)) {
      at->GetReflection()->SetString(at, entry.map_value(), R"({"before":1})");
    }
  }
  if (set && path.back() == path.back()->containing_type()->map_key()) {
    at->GetReflection()->SetString(at, path.back(), "other_key");
  } else if (set) {
    const bool is_key =
        path.back()->containing_type()->options().map_entry() && path.back()->number() == 1;
    SetLeaf(*at, *path.back(), IsJson(path) && !is_key);
  }
  return event.SerializeAsString();
}

TEST(ProtoEvent, EveryFieldOfTheContractIsRead) {
  Path path;
  std::vector<Path> leaves;
  CollectLeaves(*v1::Event::descriptor(), path, leaves);
  ASSERT_GT(leaves.size(), 120u);
  ProtoEventReader reader;
  for (const Path& leaf : leaves) {
    auto without = reader.Read(BytesWith(leaf, false));
    auto with = reader.Read(BytesWith(leaf, true));
    ASSERT_TRUE(without && with) << NameOf(leaf);
    EXPECT_NE(*without, *with) << NameOf(leaf) << " is not read";
    EXPECT_TRUE(with->errors.empty()) << NameOf(leaf) << ": " << WriteEventJson(*with);
    EXPECT_NE(WriteEventJson(*without), WriteEventJson(*with)) << NameOf(leaf) << " is not kept";
  }
}

TEST(ProtoEvent, ValuesArriveWhereTheyBelong) {
  v1::Event event;
  event.set_event_id("0123456789ABCDEF-0123456789abcdef");
  event.mutable_timestamp()->set_seconds(1'777'629'600);
  event.mutable_timestamp()->set_nanos(250'000'000);
  event.set_level(v1::LEVEL_FATAL);
  auto& exception = *event.add_exceptions();
  exception.set_type("ValueError");
  exception.set_thread_id("17");
  auto& frame = *exception.mutable_stacktrace()->add_frames();
  frame.set_lineno(7);
  frame.set_instruction_addr(0x7F3A);
  frame.set_vars_json(R"({"n": [1, NaN]})");
  (*event.mutable_tags())["color"] = "red";
  (*event.mutable_extra_json())["list"] = "[1,2]";
  (*event.mutable_contexts_json())["os"] = R"({"name":"Debian"})";
  auto read = ProtoEventReader().Read(event.SerializeAsString());
  ASSERT_TRUE(read);
  EXPECT_EQ(ToHex(read->id), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(FormatTimestamp(read->timestamp), "2026-05-01T10:00:00.250000Z");
  EXPECT_EQ(read->level, Level::kFatal);
  ASSERT_EQ(read->exceptions.size(), 1u);
  EXPECT_EQ(read->exceptions[0].thread_id.text, "17");
  const Frame& kept = read->exceptions[0].stacktrace->frames.at(0);
  EXPECT_EQ(kept.lineno, 7u);
  EXPECT_EQ(kept.instruction_addr, "0x7f3a");
  EXPECT_EQ(kept.vars.text, R"({"n":[1,null]})");
  EXPECT_EQ(read->Tag("color"), "red");
  EXPECT_EQ(read->extra.at(0).second.text, "[1,2]");
  EXPECT_EQ(read->contexts.at(0).second.text, R"({"name":"Debian"})");
}

TEST(ProtoEvent, WhatDoesNotFitIsDroppedWithANote) {
  v1::Event event;
  event.set_event_id("../../etc/passwd");
  event.set_level(static_cast<v1::Level>(7));
  event.mutable_timestamp()->set_seconds(1LL << 60);
  (*event.mutable_extra_json())["broken"] = R"({"a":1},"release":"x")";
  (*event.mutable_extra_json())["fine"] = "1";
  (*event.mutable_contexts_json())["list"] = "[1]";
  event.set_debug_meta_json("not json");
  auto read = ProtoEventReader().Read(event.SerializeAsString());
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->id.IsNil());
  EXPECT_FALSE(read->level);
  EXPECT_TRUE(read->release.empty());
  ASSERT_EQ(read->extra.size(), 1u);
  EXPECT_EQ(read->extra[0].first, "fine");
  EXPECT_TRUE(read->contexts.empty());
  std::vector<std::string> names;
  for (const EventError& error : read->errors) names.push_back(error.name);
  EXPECT_EQ(names, (std::vector<std::string>{"event_id", "timestamp", "level", "contexts.list",
                                             "extra.broken", "debug_meta"}));
}

TEST(ProtoEvent, TextIsCleaned) {
  // message { formatted: "a\0b\xff" }
  auto read =
      ProtoEventReader().Read(std::string_view("\x62\x06\x0A\x04"
                                               "a\0b\xFF",
                                               8));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->logentry->formatted,
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
}

TEST(ProtoEvent, LastOfEqualNamesCounts) {
  std::string bytes;
  for (const char* value : {"one", "two"}) {
    v1::Event event;
    (*event.mutable_tags())["k"] = value;
    bytes += event.SerializeAsString();
  }
  auto read = ProtoEventReader().Read(bytes);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->tags.size(), 1u);
  EXPECT_EQ(read->tags[0].second, "two");
}

// 2 MiB of empty frames must not become a gigabyte.
TEST(ProtoEvent, ManyEmptyPartsKeepTheirEnds) {
  std::string frames;
  for (int i = 0; i < 1'000'000; ++i) frames.append("\x0A\x00", 2);
  std::string stack;
  ProtoWriter(stack).Message(4, frames);
  std::string event;
  ProtoWriter(event).Message(13, stack);
  auto read = ProtoEventReader().Read(event);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->exceptions.at(0).stacktrace->frames.size(), 1000u);
  std::string exceptions;
  for (int i = 0; i < 900; ++i) ProtoWriter(exceptions).Message(13, stack.substr(0, 5));
  EXPECT_FALSE(ProtoEventReader().Read(exceptions));  // cut within: not protobuf
  std::string tags;
  for (int i = 0; i < 200'000; ++i) tags.append("\x92\x01\x00", 3);
  auto many = ProtoEventReader().Read(tags);
  ASSERT_TRUE(many);
  EXPECT_LE(many->tags.size(), kProtoTextsMax);
  ASSERT_EQ(many->errors.size(), 1u);
  EXPECT_EQ(many->errors[0].type, "too_many_values");
}

TEST(ProtoEvent, GarbageIsInvalidArgument) {
  for (std::string_view bad :
       {std::string_view("\xFF\xFF\xFF"), std::string_view("{\"message\":1}"),
        std::string_view("\x6A\x02\x0A\x7F", 4)}) {
    auto read = ProtoEventReader().Read(bad);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().reason, Reason::kInvalidArgument);
  }
}

}  // namespace
}  // namespace mishap
