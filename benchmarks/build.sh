# Sourced by the scripts beside it, in the root of the project: builds modules and tells their class paths.

JAVA="${JAVA_HOME:+$JAVA_HOME/bin/}java"

# Packages the given modules, comma-separated, and writes down the class path of each.
build_class_paths() {
  ./mvnw -q -B -ntp -pl "$1" -am -Dmaven.test.skip -Dmaven.javadoc.skip -Dcheckstyle.skip -Dspring-javaformat.skip \
    package dependency:build-classpath -Dmdep.includeScope=runtime -Dmdep.outputFile=target/class-path.txt
}

# Prints the class path of one module that was built: its own classes first.
class_path_of() {
  echo "$PWD/$1/target/classes:$(<"$1/target/class-path.txt")"
}
