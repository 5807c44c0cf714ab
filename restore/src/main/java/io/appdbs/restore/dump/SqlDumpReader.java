package io.appdbs.restore.dump;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.program.ServerVersion;
import io.appdbs.restore.sql.MariaDbDialect;
import org.jspecify.annotations.Nullable;

/**
 * Reads a dump that consists of SQL: what its comments describe, whether it is complete,
 * and whether it would leave the database that it is restored into.
 */
final class SqlDumpReader {

	private static final int HEADER_LINES = 30;

	private static final int TRAILER_LINES = 10;

	private static final Pattern POSTGRES_VERSION = Pattern.compile("-- Dumped from database version (.+)");

	private static final Pattern POSTGRES_TOOL = Pattern.compile("-- Dumped by pg_dump version (.+)");

	private static final Pattern MYSQL_DATABASE = Pattern.compile("-- Host: .*\\s+Database: (.*)");

	private static final Pattern MYSQL_VERSION = Pattern.compile("-- Server version\\s+(.+)");

	private static final Pattern POSTGRES_LEAVES = Pattern
		.compile("(CREATE DATABASE|DROP DATABASE|\\\\connect|\\\\c|\\\\!|\\\\i|\\\\ir)( .*)?");

	private static final Pattern MYSQL_LEAVES = Pattern.compile(
			"(?:USE|(?:CREATE|DROP) DATABASE (?:/\\*!\\d+ )?(?:IF (?:NOT )?EXISTS ?)?(?:\\*/ )?) ?`((?:[^`]|``)*)`.*");

	private final Path path;

	private final String database;

	private final List<String> header = new ArrayList<>();

	private final List<String> trailer = new ArrayList<>();

	private final Set<String> leaving = new TreeSet<>();

	SqlDumpReader(Path path, String database) {
		this.path = path;
		this.database = database;
	}

	/**
	 * Reads the file to its end.
	 * @param text the beginning of the file
	 */
	Dump read(String text) throws IOException, RestoreFailure {
		if (text.contains("-- PostgreSQL database cluster dump")) {
			throw new RestoreFailure("The dump " + this.path
					+ " is one of pg_dumpall, with several databases. Verify a dump of pg_dump.");
		}
		boolean postgres = text.contains("-- PostgreSQL database dump");
		if (!postgres && !text.contains("-- MySQL dump ") && !text.contains("-- MariaDB dump ")) {
			throw new RestoreFailure("The file " + this.path
					+ " is not a dump of pg_dump, mysqldump or mariadb-dump, or was made without comments,"
					+ " by which a complete dump is recognized.");
		}
		new SqlFile(this.path).forEachLine((line) -> add(line, postgres));
		String end = postgres ? "-- PostgreSQL database dump complete" : "-- Dump completed";
		if (this.trailer.stream().noneMatch((line) -> line.startsWith(end))) {
			throw new RestoreFailure("The dump " + this.path + " is not complete: it does not end with '" + end + "'.");
		}
		if (!this.leaving.isEmpty()) {
			throw new RestoreFailure("The dump " + this.path + " contains statements that leave the database: "
					+ String.join(", ", this.leaving) + ". Dump one database, named '" + this.database + "', "
					+ (postgres ? "without --create." : "without --databases."));
		}
		return postgres ? createPostgresDump() : createMySqlDump();
	}

	private void add(String line, boolean postgres) {
		if (this.header.size() < HEADER_LINES) {
			this.header.add(line);
		}
		if (!line.isBlank()) {
			this.trailer.add(line);
			if (this.trailer.size() > TRAILER_LINES) {
				this.trailer.remove(0);
			}
		}
		if (postgres) {
			findLeavingPostgres(line);
		}
		else if (line.startsWith("USE ") || line.startsWith("CREATE DATABASE ") || line.startsWith("DROP DATABASE ")) {
			findLeavingMySql(line);
		}
	}

	private void findLeavingPostgres(String line) {
		if (line.startsWith("\\") || line.startsWith("CREATE DATABASE ") || line.startsWith("DROP DATABASE ")) {
			Matcher matcher = POSTGRES_LEAVES.matcher(line.stripTrailing());
			if (matcher.matches()) {
				this.leaving.add(matcher.group(1));
			}
		}
	}

	// --databases adds CREATE DATABASE and USE for the same database
	private void findLeavingMySql(String line) {
		Matcher matcher = MYSQL_LEAVES.matcher(line);
		boolean same = matcher.matches() && matcher.group(1).replace("``", "`").equals(this.database);
		if (!same) {
			this.leaving.add(line.substring(0, line.indexOf(' ')) + " of '"
					+ (matcher.matches() ? matcher.group(1) : "unknown") + "'");
		}
	}

	private Dump createPostgresDump() throws RestoreFailure {
		String server = find(POSTGRES_VERSION);
		String tool = find(POSTGRES_TOOL);
		return new Dump(this.path, Dump.Format.POSTGRES_SQL,
				(server != null) ? ServerVersion.parse(ServerVersion.POSTGRESQL, server) : null, null,
				(tool != null) ? ServerVersion.parse(ServerVersion.POSTGRESQL, tool).major() : 0);
	}

	private Dump createMySqlDump() throws RestoreFailure {
		String server = find(MYSQL_VERSION);
		return new Dump(this.path, Dump.Format.MYSQL_SQL, (server != null) ? MariaDbDialect.parseVersion(server) : null,
				find(MYSQL_DATABASE), 0);
	}

	private @Nullable String find(Pattern pattern) {
		return this.header.stream()
			.map(pattern::matcher)
			.filter(Matcher::matches)
			.map((matcher) -> matcher.group(1).trim())
			.findFirst()
			.orElse(null);
	}

}
