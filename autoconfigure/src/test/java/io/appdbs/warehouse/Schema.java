package io.appdbs.warehouse;

import java.util.Map;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Creates the tables of the application.
 */
public final class Schema {

	private static final Map<String, String> TABLES = Map.of("stock",
			"""
					create table article (id bigint generated always as identity primary key, code text, name text, tags text[], details jsonb, created timestamp);
					create table part (article bigint references article, position int, name text, amount int);
					""",
			"refunds",
			"""
					create table refund (id bigint auto_increment primary key, code varchar(20), amount int, created timestamp);
					create table line (refund bigint references refund (id), text varchar(20));
					""",
			"quotes", """
					create sequence "quote_sequence" start with 100;
					create table quote (id bigint primary key, code varchar(20), created timestamp);
					create table "POSITION" (quote bigint references quote, quote_key varchar(20), amount int);
					""");

	private Schema() {
	}

	public static void create(ApplicationContext context) {
		TABLES.forEach((database, script) -> {
			JdbcClient client = context.getBean(database + "JdbcClient", JdbcClient.class);
			for (String statement : script.trim().split(";")) {
				client.sql(statement).update();
			}
		});
	}

}
