// Forms of exceptions, mechanisms, stack traces, frames, threads: ingest-protocol 6.5 to 6.8.
#include "tests/unit/ingest/lenient/forms.h"

namespace mishap {
namespace {

std::string Repeated(char c, std::size_t times) {
  return std::string(times, c);
}

const Form kExceptions[] = {
    {"list", R"({"exception":[{"type":"A"},{"type":"B"}]})", "exception.values.1.type", R"("B")",
     ""},
    {"values", R"({"exception":{"values":[{"type":"A"}]}})", "exception.values.0.type", R"("A")",
     ""},
    {"one_object", R"({"exception":{"type":"A","value":"v"}})", "exception.values.0.value",
     R"("v")", ""},
    {"empty_object", R"({"exception":{}})", "exception", "", ""},
    {"empty_list", R"({"exception":{"values":[]}})", "exception", "", ""},
    {"a_text", R"({"exception":"boom"})", "exception", "", "invalid_data exception"},
    {"a_number", R"({"exception":7})", "exception", "", "invalid_data exception"},
    {"null_elements_are_skipped", R"({"exception":{"values":[null,{"type":"A"}]}})",
     "exception.values.0.type", R"("A")", ""},
    {"an_element_that_is_none", R"({"exception":{"values":[7,{"type":"A"}]}})",
     "exception.values.0.type", R"("A")", "invalid_data exception.values.0"},
    {"type_number", R"({"exception":[{"type":17}]})", "exception.values.0.type", R"("17")", ""},
    {"type_object", R"({"exception":[{"type":{},"value":"v"}]})", "exception.values.0.type", "",
     "invalid_data exception.0.type"},
    {"value_object", R"({"exception":[{"type":"A","value":{"a":[1]}}]})",
     "exception.values.0.value", R"("{\"a\":[1]}")", ""},
    {"value_number", R"({"exception":[{"type":"A","value":1.5}]})", "exception.values.0.value",
     R"("1.5")", ""},
    {"value_null", R"({"exception":[{"type":"A","value":null,"module":null}]})",
     "exception.values.0", R"({"type":"A"})", ""},
    {"neither_type_nor_value", R"({"exception":[{"module":"m"}]})", "exception.values.0.module",
     R"("m")", ""},
    {"type_inside_the_value", R"({"exception":[{"value":"KeyError: x"}]})",
     "exception.values.0.type", R"("KeyError")", ""},
    {"value_long", "{\"exception\":[{\"value\":\"" + Repeated('v', 9000) + "\"}]}",
     "_meta.exception.values.0.value", R"({"":{"len":9000}})", ""},
    {"thread_id_number", R"({"exception":[{"type":"A","thread_id":7}]})",
     "exception.values.0.thread_id", "7", ""},
    {"thread_id_text", R"({"exception":[{"type":"A","thread_id":"main"}]})",
     "exception.values.0.thread_id", R"("main")", ""},
    {"raw_stacktrace_is_left_alone",
     R"({"exception":[{"type":"A","raw_stacktrace":{"frames":[{"filename":"http://h/a.js"}]}}]})",
     "exception.values.0.raw_stacktrace.frames.0.filename", R"("http://h/a.js")", ""},
    {"unknown_kept", R"({"exception":[{"type":"A","vendor":[1]}]})", "exception.values.0.vendor",
     "[1]", ""},
};

Form MechanismForm(std::string_view name, std::string_view mechanism, std::string_view field,
                   std::string_view want, std::string_view errors = "") {
  return {name, "{\"exception\":[{\"type\":\"A\",\"mechanism\":" + std::string(mechanism) + "}]}",
          "exception.values.0.mechanism" + (field.empty() ? "" : "." + std::string(field)),
          std::string(want), std::string(errors)};
}

const Form kMechanisms[] = {
    MechanismForm("mechanism", R"({"type":"onerror","handled":false})", "",
                  R"({"type":"onerror","handled":false})"),
    MechanismForm("mechanism_without_type", R"({"handled":true})", "type", R"("generic")"),
    MechanismForm("mechanism_handled_null", R"({"type":"x","handled":null})", "",
                  R"({"type":"x"})"),
    MechanismForm("mechanism_handled_text", R"({"type":"x","handled":"no"})", "handled", "",
                  "invalid_data exception.0.mechanism.handled"),
    MechanismForm("mechanism_group",
                  R"({"type":"x","exception_id":2,"parent_id":0,"is_exception_group":true})", "",
                  R"({"type":"x","is_exception_group":true,"exception_id":2,"parent_id":0})"),
    MechanismForm("mechanism_synthetic", R"({"type":"x","synthetic":true})", "synthetic", "true"),
    MechanismForm("mechanism_data", R"({"type":"x","data":{"a":1}})", "data", R"({"a":1})"),
    MechanismForm("mechanism_meta",
                  R"({"type":"x","meta":{"signal":{"number":11,"code":1},"errno":{"number":2}}})",
                  "meta", R"({"signal":{"number":11,"code":1},"errno":{"number":2}})"),
    MechanismForm("mechanism_texts",
                  R"({"type":"x","description":"d","help_link":"h","source":"s"})", "",
                  R"({"type":"x","description":"d","help_link":"h","source":"s"})"),
    MechanismForm("mechanism_legacy_signal", R"({"posix_signal":{"signal":11,"code":1}})",
                  "meta.signal", R"({"number":11,"code":1})"),
    MechanismForm("mechanism_legacy_names",
                  R"({"posix_signal":{"signal":11,"name":"SIGSEGV","code_name":"SEGV_MAPERR"}})",
                  "meta.signal", R"({"number":11,"name":"SIGSEGV","code_name":"SEGV_MAPERR"})"),
    MechanismForm("mechanism_legacy_type", R"({"posix_signal":{"signal":11}})", "type",
                  R"("generic")"),
    MechanismForm(
        "mechanism_legacy_mach",
        R"({"mach_exception":{"exception":1,"code":2,"subcode":3,"exception_name":"EXC"}})",
        "meta.mach_exception", R"({"exception":1,"code":2,"subcode":3,"name":"EXC"})"),
    MechanismForm("mechanism_legacy_address",
                  R"({"relevant_address":"0x1","posix_signal":{"signal":6}})",
                  "data.relevant_address", R"("0x1")"),
    MechanismForm("mechanism_a_text", R"("onerror")", "", "", "invalid_data exception.0.mechanism"),
    MechanismForm("mechanism_unknown_kept", R"({"type":"x","vendor":1})", "vendor", "1"),
};

Form FrameForm(std::string_view name, std::string_view frame, std::string_view field,
               std::string_view want, std::string_view errors = "") {
  return {
      name,
      "{\"exception\":[{\"type\":\"A\",\"stacktrace\":{\"frames\":[" + std::string(frame) + "]}}]}",
      "exception.values.0.stacktrace.frames.0" + (field.empty() ? "" : "." + std::string(field)),
      std::string(want), std::string(errors)};
}

const Form kFrames[] = {
    FrameForm("frame_names",
              R"({"function":"f","raw_function":"r","symbol":"s","module":"m","package":"p"})", "",
              R"({"function":"f","raw_function":"r","module":"m","package":"p","symbol":"s"})"),
    FrameForm("frame_backslashes", R"({"filename":"C:\\a\\b.cs"})", "filename", R"("C:\\a\\b.cs")"),
    FrameForm("frame_lineno_text", R"({"function":"f","lineno":"17","colno":"3"})", "",
              R"({"function":"f","lineno":17,"colno":3})"),
    FrameForm("frame_lineno_zero", R"({"function":"f","lineno":0,"colno":-1})", "",
              R"({"function":"f"})"),
    FrameForm("frame_lineno_huge", R"({"function":"f","lineno":2147483648})", "lineno", ""),
    FrameForm("frame_lineno_no_number", R"({"function":"f","lineno":"x"})", "lineno", "",
              "invalid_data exception.0.stacktrace.frames.0.lineno"),
    FrameForm("frame_context",
              R"({"function":"f","pre_context":["a",null,7],"context_line":"b","post_context":[]})",
              "", R"({"function":"f","pre_context":["a","","7"],"context_line":"b"})"),
    FrameForm("frame_context_no_list", R"({"function":"f","pre_context":"a"})", "pre_context", "",
              "invalid_data exception.0.stacktrace.frames.0.pre_context"),
    FrameForm("frame_in_app_null", R"({"function":"f","in_app":null})", "", R"({"function":"f"})"),
    FrameForm("frame_in_app", R"({"function":"f","in_app":false})", "in_app", "false"),
    FrameForm("frame_vars", R"({"function":"f","vars":{"a":[1]}})", "vars", R"({"a":[1]})"),
    FrameForm("frame_vars_a_list", R"({"function":"f","vars":["x",1]})", "vars",
              R"({"0":"x","1":1})"),
    FrameForm("frame_vars_a_text", R"({"function":"f","vars":"x"})", "vars", "",
              "invalid_data exception.0.stacktrace.frames.0.vars"),
    FrameForm("frame_platform", R"({"function":"f","platform":"native"})", "platform",
              R"("native")"),
    FrameForm("frame_data", R"({"function":"f","data":{"sourcemap":"x"}})", "data.sourcemap",
              R"("x")"),
    FrameForm("frame_address_hex", R"({"instruction_addr":"0x7FFF"})", "instruction_addr",
              R"("0x7fff")"),
    FrameForm("frame_address_decimal_text", R"({"instruction_addr":"32767"})", "instruction_addr",
              R"("0x7fff")"),
    FrameForm("frame_address_number",
              R"({"instruction_addr":32767,"image_addr":4096,"symbol_addr":1})", "",
              R"({"instruction_addr":"0x7fff","symbol_addr":"0x1","image_addr":"0x1000"})"),
    FrameForm("frame_address_bad", R"({"function":"f","instruction_addr":"zz"})",
              "instruction_addr", "",
              "invalid_data exception.0.stacktrace.frames.0.instruction_addr"),
    FrameForm("frame_function_id", R"({"function":"f","function_id":255})", "function_id",
              R"("0xff")"),
    FrameForm("frame_others_kept",
              R"({"function":"f","addr_mode":"rel:0","lang":"c","stack_start":true,"errors":[1]})",
              "",
              R"({"function":"f","addr_mode":"rel:0","lang":"c","stack_start":true,"errors":[1]})"),
    FrameForm("frame_lock", R"({"function":"f","lock":{"type":1,"address":"0x1"}})", "lock.address",
              R"("0x1")"),
    FrameForm("frame_trust", R"({"function":"f","trust":"cfi"})", "trust", R"("cfi")"),
    FrameForm("frame_question_mark", R"({"function":"?","filename":"a.js"})", "function", ""),
    FrameForm("frame_abs_path_missing", R"({"filename":"a/b.py"})", "",
              R"({"filename":"a/b.py","abs_path":"a/b.py"})"),
    FrameForm("frame_url_as_filename", R"({"filename":"https://h/x/a.js?v=1"})", "",
              R"({"filename":"/x/a.js","abs_path":"https://h/x/a.js?v=1"})"),
    FrameForm("frame_url_without_path", R"({"filename":"https://h/"})", "filename",
              R"("https://h/")"),
    FrameForm("frame_file_url", R"({"filename":"file:///srv/a.js"})", "filename", R"("/srv/a.js")"),
    FrameForm("frame_app_url", R"({"filename":"app:///a.js"})", "filename", R"("app:///a.js")"),
    FrameForm("frame_webpack", R"({"filename":"webpack:///./a.js"})", "filename",
              R"("webpack:///./a.js")"),
    FrameForm("frame_null", "null,{\"function\":\"f\"}", "function", R"("f")"),
};

const Form kStacks[] = {
    {"stack_without_frames", R"({"exception":[{"type":"A","stacktrace":{"frames":[]}}]})",
     "exception.values.0.stacktrace", "", ""},
    {"stack_true", R"({"exception":[{"type":"A","stacktrace":true}]})",
     "exception.values.0.stacktrace", "", "invalid_data exception.0.stacktrace"},
    {"stack_registers",
     R"({"exception":[{"type":"A","stacktrace":{"frames":[{"function":"f"}],"registers":{"rip":"0x1"}}}]})",
     "exception.values.0.stacktrace.registers.rip", R"("0x1")", ""},
    {"stack_others",
     R"({"exception":[{"type":"A","stacktrace":{"frames":[{"function":"f"}],"lang":"c","snapshot":true}}]})",
     "exception.values.0.stacktrace.snapshot", "true", ""},
    {"vars_too_many_noted",
     R"({"exception":[{"type":"A","stacktrace":{"frames":[{"function":"f","vars":{"a":")" +
         Repeated('v', 3000) + R"("}}]}}]})",
     "_meta.exception.values.0.stacktrace.frames.0.vars", R"({"":{"len":3008}})", ""},
    {"top_level_stack_moves",
     R"({"exception":[{"type":"A"}],"stacktrace":{"frames":[{"function":"f"}]}})",
     "exception.values.0.stacktrace.frames.0.function", R"("f")", ""},
    {"threads_values", R"({"threads":{"values":[{"id":1,"crashed":true,"name":"main"}]}})",
     "threads.values.0", R"({"id":1,"name":"main","crashed":true})", ""},
    {"threads_list", R"({"threads":[{"id":"0x1","current":true,"main":true,"state":"RUNNABLE"}]})",
     "threads.values.0", R"({"id":"0x1","state":"RUNNABLE","current":true,"main":true})", ""},
    {"threads_stack",
     R"({"threads":[{"id":1,"stacktrace":{"frames":[{"filename":"https://h/a.js"}]}}]})",
     "threads.values.0.stacktrace.frames.0.filename", R"("/a.js")", ""},
    {"threads_others", R"({"threads":[{"id":1,"held_locks":{"0x1":{"type":1}}}]})",
     "threads.values.0.held_locks.0x1.type", "1", ""},
    {"threads_id_bool", R"({"threads":[{"id":true,"name":"n"}]})", "threads.values.0",
     R"({"name":"n"})", "invalid_data threads.0.id"},
};

INSTANTIATE_TEST_SUITE_P(Exceptions, LenientForm, testing::ValuesIn(kExceptions), FormName);
INSTANTIATE_TEST_SUITE_P(Mechanisms, LenientForm, testing::ValuesIn(kMechanisms), FormName);
INSTANTIATE_TEST_SUITE_P(Frames, LenientForm, testing::ValuesIn(kFrames), FormName);
INSTANTIATE_TEST_SUITE_P(Stacks, LenientForm, testing::ValuesIn(kStacks), FormName);

}  // namespace
}  // namespace mishap
