package io.appdbs.bean.jpa;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.appdbs.shop.audit.AuditEntry;
import io.appdbs.testsupport.SeparateThread;
import org.junit.jupiter.api.Test;

import org.springframework.dao.CannotAcquireLockException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for exceptions of a persistence unit on PostgreSQL.
 */
class PostgreSqlPersistenceExceptionTests extends PersistenceExceptionContractTests {

	PostgreSqlPersistenceExceptionTests() {
		super("postgresql", "SELECT CAST(pg_sleep(60) AS text)");
	}

	@Test
	void aConflictIsRetriedAndOtherwiseNamesTheDatabase() {
		AtomicInteger attempts = new AtomicInteger();
		TransactionTemplate retrying = context().getBean("auditTransactionTemplate", TransactionTemplate.class);
		retrying.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
		try {
			retrying.executeWithoutResult(conflicting(attempts));
		}
		finally {
			retrying.setIsolationLevel(TransactionDefinition.ISOLATION_DEFAULT);
		}
		assertThat(attempts).hasValue(2);
		attempts.set(0);
		assertThatExceptionOfType(CannotAcquireLockException.class)
			.isThrownBy(() -> transaction(TransactionDefinition.ISOLATION_SERIALIZABLE)
				.executeWithoutResult(conflicting(attempts)))
			.withMessageStartingWith("Database 'audit': Hibernate ");
	}

	/**
	 * Two transactions each add a row that depends on the number of rows; the second one
	 * to commit fails.
	 */
	private Consumer<TransactionStatus> conflicting(AtomicInteger attempts) {
		return (status) -> {
			String name = "%d of %d".formatted(attempts.incrementAndGet(), System.nanoTime());
			assertThat(repository().count()).isNotNegative();
			if (attempts.get() == 1) {
				SeparateThread.run(() -> transaction(TransactionDefinition.ISOLATION_SERIALIZABLE)
					.executeWithoutResult((other) -> {
						assertThat(repository().count()).isNotNegative();
						repository().save(new AuditEntry("other " + name));
					})).join();
			}
			repository().save(new AuditEntry(name));
		};
	}

}
