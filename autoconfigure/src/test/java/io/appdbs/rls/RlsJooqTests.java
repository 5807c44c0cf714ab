package io.appdbs.rls;

import java.util.List;
import java.util.stream.IntStream;

import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for jOOQ on a database with row-level security.
 */
class RlsJooqTests {

	private static final RlsContext ALICE = RlsContext.of("alice");

	private static final RlsContext BOB = RlsContext.of("bob");

	private static final Table<Record> NOTE = DSL.table("note");

	private static final Field<String> OWNER = DSL.field("owner", String.class);

	private static final Field<String> BODY = DSL.field("body", String.class);

	@RegisterExtension
	private static final Notes notes = new Notes();

	@Test
	void everybodyFindsTheirOwnNotesOnly() {
		run((context, dsl) -> {
			for (RlsContext user : List.of(ALICE, BOB, ALICE)) {
				String name = user.getValue("app.current_user_id");
				RlsContextHolder.runAs(user, () -> {
					assertThat(dsl.select(OWNER).from(NOTE).fetch(OWNER)).hasSize(10).containsOnly(name);
					assertThat(dsl.fetchCount(NOTE)).isEqualTo(10);
					assertThat(dsl.resultQuery("SELECT owner FROM note").fetch(0, String.class)).containsOnly(name);
				});
			}
		});
	}

	@Test
	void cursorsHaveTheRowsOfTheUserOnly() {
		run((context, dsl) -> RlsContextHolder.runAs(BOB, () -> {
			try (Cursor<Record> cursor = dsl.select().from(NOTE).fetchSize(3).fetchLazy()) {
				assertThat(cursor).hasSize(10).allMatch((row) -> "bob".equals(row.get(OWNER)));
			}
			Notes.transaction(context).executeWithoutResult((status) -> {
				try (Cursor<Record> cursor = dsl.select().from(NOTE).fetchSize(3).fetchLazy()) {
					assertThat(cursor.fetchNext(4)).hasSize(4);
					assertThat(dsl.fetchCount(NOTE)).isEqualTo(10);
					assertThat(cursor).hasSize(6).allMatch((row) -> "bob".equals(row.get(OWNER)));
				}
			});
			assertThat(dsl.select(OWNER).from(NOTE).fetchStream().map(Record::toString)).hasSize(10);
		}));
	}

	@Test
	void batchesWriteTheRowsOfTheUserOnly() {
		run((context, dsl) -> {
			RlsContextHolder.runAs(RlsContext.of("carol"), () -> {
				var insert = dsl.batch(dsl.insertInto(NOTE, OWNER, BODY).values((String) null, null));
				IntStream.range(0, 5).forEach((i) -> insert.bind("carol", "note " + i));
				assertThat(insert.execute()).hasSize(5).containsOnly(1);
				assertThat(dsl.batch("UPDATE note SET body = 'a'", "UPDATE note SET body = 'b'").execute())
					.containsExactly(5, 5);
				assertThat(dsl.insertInto(NOTE, OWNER, BODY)
					.values("carol", "returned")
					.returningResult(OWNER)
					.fetchOne(OWNER)).isEqualTo("carol");
				assertThatExceptionOfType(DataAccessException.class)
					.isThrownBy(
							() -> dsl
								.batch(dsl.insertInto(NOTE, OWNER, BODY).values("bob", "forged"),
										dsl.insertInto(NOTE, OWNER, BODY).values("carol", "own"))
								.execute())
					.havingRootCause()
					.withMessageContaining("new row violates row-level security policy");
				assertThat(dsl.fetchCount(NOTE)).isEqualTo(6);
				assertThat(dsl.deleteFrom(NOTE).execute()).isEqualTo(6);
			});
			assertThat(RlsContextHolder.supplyAs(BOB, () -> dsl.fetchCount(NOTE))).isEqualTo(10);
		});
	}

	@Test
	void whenThereIsNoUserThenItFailsAndNothingIsLeft() {
		run((context, dsl) -> {
			for (Runnable work : List.<Runnable>of(() -> dsl.fetchCount(NOTE), () -> dsl.deleteFrom(NOTE).execute(),
					() -> dsl.batch("DELETE FROM note").execute(), () -> dsl.fetchLazy("SELECT * FROM note"))) {
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(work::run)
					.havingRootCause()
					.isInstanceOf(RlsContextException.class);
			}
			assertThat(Notes.active(context)).isZero();
			assertThat(RlsContextHolder.supplyAs(ALICE, () -> dsl.fetchCount(NOTE))).isEqualTo(10);
		});
	}

	private static void run(JooqTest test) {
		notes.runner(notes.address()).withUserConfiguration(Jooq.class).run((context) -> {
			assertThat(context).hasNotFailed();
			test.run(context, context.getBean(DSLContext.class));
			assertThat(Notes.active(context)).isZero();
		});
	}

	/**
	 * A test with the context of jOOQ.
	 */
	@FunctionalInterface
	private interface JooqTest {

		void run(ApplicationContext context, DSLContext dsl) throws Exception;

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, TransactionAutoConfiguration.class,
			JooqAutoConfiguration.class })
	static class Jooq {

	}

}
