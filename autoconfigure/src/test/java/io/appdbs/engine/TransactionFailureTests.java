package io.appdbs.engine;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.util.List;

import com.mongodb.MongoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DuplicateKeyException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what each engine says of the failure of a transaction.
 */
class TransactionFailureTests {

	private static final Engines engines = Engines.load(null);

	@ParameterizedTest
	@CsvSource({ "postgresql, 40001, 0, CONFLICT", "postgresql, 40P01, 0, CONFLICT", "postgresql, 40003, 0, LOST",
			"postgresql, 08006, 0, LOST", "postgresql, 57P01, 0, LOST", "postgresql, 25P02, 0, OTHER",
			"postgresql, 23505, 0, OTHER", "postgresql, 55P03, 0, OTHER", "postgresql, , 0, OTHER",
			"cockroachdb, 40001, 0, CONFLICT", "cockroachdb, 40003, 0, LOST", "mysql, 40001, 1213, CONFLICT",
			"mysql, HY000, 1205, CONFLICT", "mysql, 08S01, 0, LOST", "mysql, 23000, 1062, OTHER",
			"mysql, HY000, 1020, OTHER", "mariadb, 40001, 1213, CONFLICT", "mariadb, HY000, 1205, CONFLICT",
			"mariadb, HY000, 1020, CONFLICT", "h2, 40001, 40001, CONFLICT", "h2, HYT00, 50200, CONFLICT",
			"h2, 90131, 90131, CONFLICT", "h2, 23505, 23505, OTHER" })
	void aCodeIsOfAKind(String engine, String state, int code, TransactionFailure expected) {
		SQLException failure = new SQLException("failed", state, code);
		assertThat(classify(engine, failure)).isEqualTo(expected);
		assertThat(classify(engine, new DuplicateKeyException("wrapped", new IllegalStateException(failure))))
			.isEqualTo(expected);
	}

	@Test
	void theTypeOfTheExceptionSaysNothing() {
		assertThat(classify("postgresql", new CannotAcquireLockException("without a cause")))
			.isEqualTo(TransactionFailure.OTHER);
	}

	@Test
	void aFailedStatementOfABatchIsSeen() {
		BatchUpdateException batch = new BatchUpdateException("batch", "XX000", new int[0]);
		batch.setNextException(new SQLException("first", "22000"));
		batch.setNextException(new SQLException("second", "40001"));
		assertThat(classify("postgresql", new IllegalStateException(batch))).isEqualTo(TransactionFailure.CONFLICT);
	}

	@Test
	void aLostConnectionOutweighsAConflict() {
		SQLException failure = new SQLException("conflict", "40001", new SQLException("lost", "08006"));
		assertThat(classify("postgresql", failure)).isEqualTo(TransactionFailure.LOST);
		assertThat(classify("h2", new SQLRecoverableException("lost"))).isEqualTo(TransactionFailure.LOST);
	}

	@Test
	void causesThatAreACycleAreLookedAtOnce() {
		Exception outer = new Exception("outer");
		Exception inner = new Exception("inner", outer);
		outer.initCause(inner);
		assertThat(classify("postgresql", outer)).isEqualTo(TransactionFailure.OTHER);
		assertThat(classify("mongodb", outer)).isEqualTo(TransactionFailure.OTHER);
	}

	@Test
	void aFurtherSqlStateIsAConflictOnRequest() {
		SQLException failure = new SQLException("duplicate", "23505");
		Engine engine = engines.findById("postgresql");
		assertThat(engine).isNotNull();
		assertThat(engine.classifyTransaction(failure, List.of("23505"))).isEqualTo(TransactionFailure.CONFLICT);
		assertThat(engine.classifyTransaction(new SQLException("other", "23503"), List.of("23505")))
			.isEqualTo(TransactionFailure.OTHER);
	}

	@Test
	void theLabelsOfMongoDbAreOfAKind() {
		assertThat(classify("mongodb", labelled("TransientTransactionError"))).isEqualTo(TransactionFailure.CONFLICT);
		assertThat(classify("mongodb", new IllegalStateException(labelled("TransientTransactionError"))))
			.isEqualTo(TransactionFailure.CONFLICT);
		assertThat(classify("mongodb", labelled("UnknownTransactionCommitResult"))).isEqualTo(TransactionFailure.LOST);
		assertThat(classify("mongodb", labelled("RetryableWriteError"))).isEqualTo(TransactionFailure.OTHER);
	}

	@Test
	void onlyCockroachDbAndYugabyteDbExpectThatTransactionsAreRunAgain() {
		assertThat(engines.getAll()).filteredOn(Engine::isTransactionRetryExpected)
			.extracting(Engine::getId)
			.containsExactly("cockroachdb", "yugabytedb");
	}

	private static MongoException labelled(String label) {
		MongoException failure = new MongoException(251, "failed");
		failure.addLabel(label);
		return failure;
	}

	private static TransactionFailure classify(String id, Throwable failure) {
		Engine engine = engines.findById(id);
		assertThat(engine).isNotNull();
		return engine.classifyTransaction(failure, List.of());
	}

}
