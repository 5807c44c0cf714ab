package io.appdbs.rls;

import java.util.List;

import io.appdbs.routing.DatabaseSelectionException;
import io.appdbs.routing.ScopedSelection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for row-level security of a database that a route selects.
 */
class RlsRouteTests {

	@RegisterExtension
	private static final Notes notes = new Notes();

	@Test
	void eachUserSeesTheirOwnRowsOfTheSelectedDatabase() {
		notes.run((context) -> {
			JdbcClient client = context.getBean("tenantsJdbcClient", JdbcClient.class);
			TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
			for (String user : List.of("alice", "bob")) {
				RlsContextHolder.runAs(RlsContext.of(user), () -> ScopedSelection.run("notes", () -> {
					assertThat(owners(client)).hasSize(10).containsOnly(user);
					List<String> inTransaction = transactions.execute((status) -> owners(client));
					assertThat(inTransaction).hasSize(10).containsOnly(user);
				}));
			}
			assertThatException().isThrownBy(() -> ScopedSelection.run("notes", () -> owners(client)))
				.havingRootCause()
				.isInstanceOf(RlsContextException.class);
			assertThatExceptionOfType(DatabaseSelectionException.class)
				.isThrownBy(() -> RlsContextHolder.runAs(RlsContext.of("alice"), () -> owners(client)));
			assertThat(Notes.active(context)).isZero();
		}, "app.dbs-routes.tenants.engine=postgresql", "app.dbs-routes.tenants.databases=notes");
	}

	private static List<String> owners(JdbcClient client) {
		return client.sql("SELECT owner FROM note").query(String.class).list();
	}

}
