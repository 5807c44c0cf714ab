package io.appdbs.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A PostgreSQL for processes that are measured from outside. Prints one line, the port,
 * and runs until its standard input ends. Everybody may log in as {@code postgres}.
 */
public final class PostgresServer {

	private PostgresServer() {
	}

	public static void main(String[] args) throws IOException {
		PrintStream out = System.out;
		// Logging would otherwise fill a pipe that nobody reads after the first line.
		System.setOut(System.err);
		try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
			out.println(postgres.getPort());
			System.in.transferTo(OutputStream.nullOutputStream());
		}
	}

}
