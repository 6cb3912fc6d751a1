# Writes OUT, a C++ file that holds the descriptions FILES (api/<subject>/openapi.json, a ';' list of absolute paths) as
# literals. Run by api/CMakeLists.txt with cmake -P.
set(text "// Made by api/openapi/embed.cmake from api/*/openapi.json; do not edit.\n#include \"api/openapi/document.h\"\n\n")
string(APPEND text "namespace mishap {\n\nconst std::vector<ApiDescription>& ApiDescriptions() {\n")
string(APPEND text "  static const std::vector<ApiDescription> kAll = {\n")
foreach(path IN LISTS FILES)
  get_filename_component(folder "${path}" DIRECTORY)
  get_filename_component(folder "${folder}" NAME)
  file(READ "${path}" content)
  # A ';' or '[' in the text would be eaten by CMake's lists if it were not quoted.
  string(APPEND text "      {\"${folder}\", R\"mishap~(${content})mishap~\"},\n")
endforeach()
string(APPEND text "  };\n  return kAll;\n}\n\n}  // namespace mishap\n")
file(WRITE "${OUT}" "${text}")
