#!/usr/bin/env bash
# Compares the start-up of an application with 8 persistence units with that of the same application with one:
#   benchmarks/persistence.sh [runs] [round trip in ms] [servers]
# once with the packages of named databases and once with the configuration that the documentation of Spring Boot shows for
# several databases. Each unit has 25 entities and 3 repositories, and no schema is created. The servers are H2 in memory and
# PostgreSQL behind a proxy that adds a delay ("h2 postgres"). Measures the wall time and the processor time of the whole
# process until a first query in each unit. The processes run alternately. Also prints the lines that a developer writes for
# two databases.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source benchmarks/build.sh
source benchmarks/measure.sh

RUNS="${1:-5}"
ROUND_TRIP="${2:-10}"
SERVERS="${3:-h2 postgres}"
WARM_UP_RUNS=1
MANY=8
ENTITIES=25
REPOSITORIES=3
POOL_SIZE=4 # with one connection each to watch them, 8 databases stay below PostgreSQL's 100 connections
WORK="$PWD/benchmarks/jmh/target/persistence"
PACKAGE=io.appdbs.benchmarks.persistence

# Writes the entities and repositories of a database. An entity refers to the one before.
write_entities() {
  local database="$1" folder="$WORK/src/entities/${PACKAGE//.//}/$1" entity name parent=""
  mkdir -p "$folder"
  for ((entity = 1; entity <= ENTITIES; entity++)); do
    name="${database^}Item$entity"
    cat >"$folder/$name.java" <<JAVA
package $PACKAGE.$database;

import java.math.BigDecimal;
import java.time.Instant;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Version;

@Entity
public class $name {

	public enum State { OPEN, CLOSED }

	@Id
	@GeneratedValue
	private Long id;

	@Version
	private int version;

	private String name;

	private BigDecimal amount;

	private Instant created;

	@Enumerated(EnumType.STRING)
	private State state;
$parent
}
JAVA
    parent=$'\n\t@ManyToOne(fetch = FetchType.LAZY)\n\tprivate '"$name parent;"$'\n'
  done
  for ((entity = 1; entity <= REPOSITORIES; entity++)); do
    name="${database^}Item$entity"
    cat >"$folder/${name}Repository.java" <<JAVA
package $PACKAGE.$database;

import java.math.BigDecimal;
import java.util.List;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface ${name}Repository extends JpaRepository<$name, Long> {

	List<$name> findByName(String name);

	List<$name> findByAmountGreaterThanOrderByCreated(BigDecimal amount);

	@Query("select sum(i.amount) from $name i where i.state = :state")
	BigDecimal sum($name.State state);

}
JAVA
  done
}

# Writes what plain Boot needs for a database in addition to properties, as in "Use Multiple EntityManagers" and "Configure
# Two DataSources" of its documentation. The first database is the one that Boot configures.
write_configuration() {
  local database="$1" folder="$WORK/src/by-hand/${PACKAGE//.//}/$1"
  mkdir -p "$folder"
  if [[ "$database" == d1 ]]; then
    cat >"$folder/D1Configuration.java" <<JAVA
package $PACKAGE.d1;

import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

@Configuration(proxyBeanMethods = false)
@EntityScan
@EnableJpaRepositories
class D1Configuration {
}
JAVA
    return
  fi
  cat >"$folder/${database^}Configuration.java" <<JAVA
package $PACKAGE.$database;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.EntityManagerFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jpa.EntityManagerFactoryBuilder;
import org.springframework.boot.jpa.autoconfigure.JpaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

@Configuration(proxyBeanMethods = false)
@EnableJpaRepositories(entityManagerFactoryRef = "${database}EntityManagerFactory",
		transactionManagerRef = "${database}TransactionManager")
class ${database^}Configuration {

	@Qualifier("$database")
	@Bean(defaultCandidate = false)
	@ConfigurationProperties("app.$database.datasource")
	DataSourceProperties ${database}DataSourceProperties() {
		return new DataSourceProperties();
	}

	@Qualifier("$database")
	@Bean(defaultCandidate = false)
	@ConfigurationProperties("app.$database.datasource.configuration")
	HikariDataSource ${database}DataSource(@Qualifier("$database") DataSourceProperties properties) {
		return properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
	}

	@Qualifier("$database")
	@Bean(defaultCandidate = false)
	@ConfigurationProperties("app.$database.jpa")
	JpaProperties ${database}JpaProperties() {
		return new JpaProperties();
	}

	@Qualifier("$database")
	@Bean(defaultCandidate = false)
	LocalContainerEntityManagerFactoryBean ${database}EntityManagerFactory(
			@Qualifier("$database") DataSource dataSource, @Qualifier("$database") JpaProperties jpaProperties) {
		return new EntityManagerFactoryBuilder(new HibernateJpaVendorAdapter(),
				(target) -> jpaProperties.getProperties(), null)
			.dataSource(dataSource)
			.packages(${database^}Configuration.class)
			.persistenceUnit("$database")
			.build();
	}

	@Qualifier("$database")
	@Bean(defaultCandidate = false)
	JpaTransactionManager ${database}TransactionManager(@Qualifier("$database") EntityManagerFactory factory) {
		return new JpaTransactionManager(factory);
	}

}
JAVA
}

url() {
  case "$1" in
    h2) echo "jdbc:h2:mem:$2;DB_CLOSE_DELAY=-1" ;;
    postgres) echo "jdbc:postgresql://localhost:$PORT/$2" ;;
  esac
}

username() {
  case "$1" in
    h2) echo sa ;;
    postgres) echo postgres ;;
  esac
}

# Prints the properties of plain Boot for a server and a number of databases.
plain_boot_properties() {
  local server="$1" database
  cat <<YAML
spring:
  datasource:
    url: $(url "$server" d1)
    username: $(username "$server")
YAML
  (($2 > 1)) || return 0
  echo "app:"
  for ((database = 2; database <= $2; database++)); do
    cat <<YAML
  d$database:
    datasource:
      url: $(url "$server" "d$database")
      username: $(username "$server")
YAML
  done
}

# Prints the properties of AppDBs for a server and a number of databases.
appdbs_properties() {
  local server="$1" database
  echo "app:"
  echo "  dbs:"
  for ((database = 1; database <= $2; database++)); do
    cat <<YAML
    d$database:
      url: $(url "$server" "d$database")
      username: $(username "$server")
      packages: $PACKAGE.d$database
YAML
    ((database > 1)) || echo "      primary: true"
  done
}

# Runs an application: its main class, its class path, its properties, the number of databases and further arguments.
run() {
  local main="$1" class_path="$2" properties="$3" databases="$4"
  shift 4
  "$JAVA" -cp "$class_path:$WORK/classes/entities-$databases" "$PACKAGE.$main" "${QUIET[@]}" \
    --spring.config.location="file:$properties" --spring.jpa.hibernate.ddl-auto=none \
    --repositories=$((databases * REPOSITORIES)) "$@"
}

plain_boot() {
  local database arguments=("--spring.datasource.hikari.maximum-pool-size=$POOL_SIZE")
  for ((database = 2; database <= $2; database++)); do
    arguments+=("--app.d$database.datasource.configuration.maximum-pool-size=$POOL_SIZE")
  done
  run PlainBootApplication "$PLAIN_BOOT_CLASS_PATH:$WORK/classes/by-hand-$2" "$WORK/plain_boot-$1-$2.yml" "$2" "${arguments[@]}"
}

appdbs() {
  run AppDbsApplication "$APPDBS_CLASS_PATH" "$WORK/appdbs-$1-$2.yml" "$2" "--app.dbs-defaults.pool.max-size=$POOL_SIZE"
}

write_sources() {
  local database
  rm -rf "$WORK"
  for ((database = 1; database <= MANY; database++)); do
    write_entities "d$database"
    write_configuration "d$database"
  done
}

compile() {
  local kind folder="${PACKAGE//.//}" class_path="$PLAIN_BOOT_CLASS_PATH"
  for kind in entities by-hand; do
    mkdir -p "$WORK/classes/$kind-$MANY" "$WORK/classes/$kind-1/$folder"
    "${JAVA}c" -parameters -cp "$class_path" -d "$WORK/classes/$kind-$MANY" $(find "$WORK/src/$kind" -name '*.java')
    cp -r "$WORK/classes/$kind-$MANY/$folder/d1" "$WORK/classes/$kind-1/$folder"
  done
}

write_properties() {
  local server application databases
  for server in $SERVERS; do
    for application in plain_boot appdbs; do
      for databases in 1 "$MANY"; do
        "${application}_properties" "$server" "$databases" >"$WORK/$application-$server-$databases.yml"
      done
    done
  done
}

# Sets CPU_MICROS to the processor time of all processes that have ended.
read_cpu() {
  times >"$WORK/times"
  CPU_MICROS="$(awk -F '[ms ]' 'NR == 2 { printf "%.0f", ($1 * 60 + $2 + $4 * 60 + $5) * 1000000 }' "$WORK/times")"
}

# Measures an application, and adds its times to those of the earlier runs, except for warm-up runs.
measure_cpu() {
  local run="$1" cpu
  local -n micros="${2}_${3}_${4}_micros" cpu_micros="${2}_${3}_${4}_cpu_micros"
  read_cpu
  cpu="$CPU_MICROS"
  measure "$2" "$3" "$4"
  read_cpu
  if ((run > 0)); then
    micros+=("$MICROS")
    cpu_micros+=("$((CPU_MICROS - cpu))")
  fi
}

# Starts PostgreSQL with an empty database for each unit.
start_delayed_postgres() {
  local database answer
  start_postgres io.appdbs.benchmarks.DelayedPostgresServer "$ROUND_TRIP"
  for ((database = 1; database <= MANY; database++)); do
    echo "create database d$database" >&"${POSTGRES[1]}"
    read -r answer <&"${POSTGRES[0]}" || { echo "The database d$database could not be created" >&2; exit 1; }
  done
}

# Prints the median times of an application with a server, with one unit and with many.
report_application() {
  local -n one="${2}_${1}_1_micros" many="${2}_${1}_${MANY}_micros"
  local -n one_cpu="${2}_${1}_1_cpu_micros" many_cpu="${2}_${1}_${MANY}_cpu_micros"
  awk -v what="$3" -v count="$MANY" -v one="$(median "${one[@]}")" -v many="$(median "${many[@]}")" \
    -v one_cpu="$(median "${one_cpu[@]}")" -v many_cpu="$(median "${many_cpu[@]}")" 'BEGIN {
    printf "  %s: 1 unit %.0f ms (processor %.0f ms), %d units %.0f ms (processor %.0f ms), ratio %.2f\n", \
      what, one / 1000, one_cpu / 1000, count, many / 1000, many_cpu / 1000, many / one
  }'
}

report() {
  local -n ours="appdbs_${1}_${MANY}_micros" plain="plain_boot_${1}_${MANY}_micros"
  echo "$1, median of $RUNS runs each"
  report_application "$1" appdbs "AppDBs"
  report_application "$1" plain_boot "plain Boot, written by hand"
  awk -v ours="$(median "${ours[@]}")" -v plain="$(median "${plain[@]}")" -v count="$MANY" 'BEGIN {
    printf "  %d units of AppDBs against %d written by hand: %.2f\n", count, count, ours / plain
  }'
}

# Prints the number of lines without blank ones, imports and package declarations.
count_lines() {
  cat "$@" | grep -cvE '^\s*$|^(import|package) '
}

report_lines() {
  local folder="$WORK/src/by-hand/${PACKAGE//.//}"
  plain_boot_properties h2 2 >"$WORK/plain_boot-two.yml"
  appdbs_properties h2 2 >"$WORK/appdbs-two.yml"
  echo "lines for two databases: written by hand $(count_lines "$folder"/d1/*.java "$folder"/d2/*.java) of Java and $(count_lines \
    "$WORK/plain_boot-two.yml") of YAML, AppDBs $(count_lines "$WORK/appdbs-two.yml") of YAML"
}

[[ "$RUNS" =~ ^[1-9][0-9]*$ && "$ROUND_TRIP" =~ ^[0-9]+$ && "$SERVERS" =~ ^(h2|postgres|h2\ postgres)$ ]] ||
  { sed -n '2,8s/^# \?//p' "$0" >&2; exit 2; }

build_class_paths benchmarks/jmh,benchmarks/persistence-plain-boot,benchmarks/persistence-appdbs
PLAIN_BOOT_CLASS_PATH="$(class_path_of benchmarks/persistence-plain-boot)"
APPDBS_CLASS_PATH="$(class_path_of benchmarks/persistence-appdbs)"
refuse_appdbs_on "$PLAIN_BOOT_CLASS_PATH"
write_sources
compile
[[ "$SERVERS" != *postgres* ]] || start_delayed_postgres
write_properties

echo "round trip to PostgreSQL $ROUND_TRIP ms, $ENTITIES entities and $REPOSITORIES repositories per unit"
for server in $SERVERS; do
  for databases in 1 "$MANY"; do
    declare -a "appdbs_${server}_${databases}_micros" "appdbs_${server}_${databases}_cpu_micros"
    declare -a "plain_boot_${server}_${databases}_micros" "plain_boot_${server}_${databases}_cpu_micros"
  done
  applications=("appdbs 1" "plain_boot 1" "appdbs $MANY" "plain_boot $MANY")
  for ((run = 1 - WARM_UP_RUNS; run <= RUNS; run++)); do
    for application in "${applications[@]}"; do
      read -r name databases <<<"$application"
      measure_cpu "$run" "$name" "$server" "$databases"
    done
    # Who goes first changes, so that none always profits from what another left in the caches.
    applications=("${applications[@]:1}" "${applications[0]}")
  done
  report "$server"
done
report_lines
