package io.appdbs.mongo;

import java.util.List;
import java.util.stream.Stream;

import com.mongodb.MongoException;
import com.mongodb.TransactionOptions;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.connection.ClusterConnectionMode;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ClusterType;
import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.transaction.IdempotentTransactionCallback;
import io.appdbs.transaction.TransactionRetry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willDoNothing;
import static org.mockito.BDDMockito.willThrow;

/**
 * Tests for transactions of MongoDB, with a session that fails as the driver's does.
 */
class NamedMongoTransactionManagerTests {

	private final MongoClient client = Mockito.mock();

	private final ClientSession session = Mockito.mock();

	private final MongoDatabaseFactory factory = Mockito.mock();

	private int calls;

	@BeforeEach
	void connect() {
		given(this.client.getClusterDescription()).willReturn(cluster(ClusterType.REPLICA_SET));
		given(this.factory.getSession(any())).willReturn(this.session);
	}

	@Test
	void whenTheOutcomeOfACommitIsUnknownThenOnlyTheCommitIsRepeated() {
		MongoException unknown = labelled(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL);
		willThrow(unknown, unknown).willDoNothing().given(this.session).commitTransaction();
		template(true).execute(work(0));
		assertThat(this.calls).isEqualTo(1);
		Mockito.verify(this.session, Mockito.times(3)).commitTransaction();
		Mockito.verify(this.session, Mockito.times(1)).startTransaction(any(TransactionOptions.class));
	}

	@Test
	void whenTheOutcomeStaysUnknownThenTheWorkIsNotRepeated() {
		willThrow(labelled(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL)).given(this.session)
			.commitTransaction();
		TransactionTemplate template = template(true, "retry.timeout", "2s", "retry.max-delay", "20ms");
		assertThatExceptionOfType(TransactionSystemException.class).isThrownBy(() -> template.execute(work(0)))
			.withRootCauseInstanceOf(MongoException.class);
		assertThat(this.calls).isEqualTo(1);
		Mockito.verify(this.session, Mockito.atLeast(2)).commitTransaction();
	}

	@Test
	void whenATransactionFailsTransientlyThenItIsRetried() {
		template(true).execute(work(2));
		assertThat(this.calls).isEqualTo(3);
		Mockito.verify(this.session, Mockito.times(3)).startTransaction(any(TransactionOptions.class));
		Mockito.verify(this.session, Mockito.times(2)).abortTransaction();
		Mockito.verify(this.session, Mockito.times(1)).commitTransaction();
	}

	@Test
	void whenACommitFailsTransientlyThenTheTransactionIsRetried() {
		willThrow(labelled(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL)).willDoNothing()
			.given(this.session)
			.commitTransaction();
		template(true).execute(work(0));
		assertThat(this.calls).isEqualTo(2);
	}

	@Test
	void withoutRetryNeitherIsRepeated() {
		willThrow(labelled(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL)).given(this.session)
			.commitTransaction();
		assertThatExceptionOfType(TransactionSystemException.class).isThrownBy(() -> template(false).execute(work(0)));
		Mockito.verify(this.session, Mockito.times(1)).commitTransaction();
		willDoNothing().given(this.session).commitTransaction();
		assertThatExceptionOfType(MongoException.class).isThrownBy(() -> template(false).execute(work(2)));
		assertThat(this.calls).isEqualTo(2);
	}

	@Test
	void whenTheDeploymentDoesNotSupportTransactionsThenTheyAreRejected() {
		given(this.client.getClusterDescription()).willReturn(cluster(ClusterType.STANDALONE));
		IdempotentTransactionCallback<Void> idempotent = work(0)::doInTransaction;
		assertThatExceptionOfType(CannotCreateTransactionException.class)
			.isThrownBy(() -> template(true).execute(idempotent))
			.withMessage("Database 'catalog' is a standalone MongoDB server, which does not support transactions. "
					+ "Run it as a replica set (one member is enough), or do not use a transaction here.")
			.satisfies((ex) -> assertThat(ex.getSuppressed()).isEmpty());
		assertThat(this.calls).isZero();
	}

	private TransactionTemplate template(boolean enabled, String... settings) {
		DatabaseDefinition definition = Definitions.of("catalog", "mongodb://localhost/catalog",
				Stream.concat(Stream.of("retry.enabled", String.valueOf(enabled)), Stream.of(settings))
					.toArray(String[]::new));
		TransactionRetry retry = new TransactionRetry(definition, definition::engine);
		return retry.createTemplate(new NamedMongoTransactionManager("catalog", this.client, this.factory, retry));
	}

	private TransactionCallback<Void> work(int failures) {
		return (status) -> {
			if (++this.calls <= failures) {
				throw labelled(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL);
			}
			return null;
		};
	}

	private static ClusterDescription cluster(ClusterType type) {
		return new ClusterDescription(ClusterConnectionMode.MULTIPLE, type, List.of());
	}

	private static MongoException labelled(String label) {
		MongoException failure = new MongoException(251, "failed");
		failure.addLabel(label);
		return failure;
	}

}
