# Sourced by the other scripts, in the root of the project: builds modules and prints their class paths.

JAVA="${JAVA_HOME:+$JAVA_HOME/bin/}java"

# Packages the given modules, comma-separated, and writes the class path of each to a file.
build_class_paths() {
  ./mvnw -q -B -ntp -pl "$1" -am -Dmaven.test.skip -Dmaven.javadoc.skip -Dcheckstyle.skip -Dspring-javaformat.skip \
    package dependency:build-classpath -Dmdep.includeScope=runtime -Dmdep.outputFile=target/class-path.txt
}

# Prints the class path of a built module, with its own classes first.
class_path_of() {
  echo "$PWD/$1/target/classes:$(<"$1/target/class-path.txt")"
}
