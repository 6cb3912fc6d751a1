# Writes OUT, a C++ file that holds the SQL files of FILES (a ';' list of absolute paths) as literals:
# the queries and migrations travel inside the binary. Run by storage/CMakeLists.txt with cmake -P.
set(text "// Made by storage/embed_sql.cmake from *.sql; do not edit.\n#include \"storage/embedded_sql.h\"\n\n")
string(APPEND text "namespace mishap {\nnamespace {\nconst EmbeddedFile kFiles[] = {\n")
foreach(path IN LISTS FILES)
  get_filename_component(name "${path}" NAME)
  get_filename_component(folder "${path}" DIRECTORY)
  get_filename_component(folder "${folder}" NAME)
  file(READ "${path}" content)
  string(APPEND text "    {\"${folder}/${name}\", R\"mishap~(${content})mishap~\"},\n")
endforeach()
string(APPEND text "};\n}  // namespace\n\nstd::vector<EmbeddedFile> EmbeddedFiles() {\n")
string(APPEND text "  return std::vector<EmbeddedFile>(std::begin(kFiles), std::end(kFiles));\n}\n\n}  // namespace mishap\n")
file(WRITE "${OUT}" "${text}")
