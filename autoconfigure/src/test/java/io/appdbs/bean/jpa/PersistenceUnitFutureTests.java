package io.appdbs.bean.jpa;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

import io.appdbs.DatabaseStartException;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TestDatabases;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import org.hibernate.MappingException;
import org.hibernate.SessionFactory;
import org.hibernate.exception.JDBCConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PersistenceUnitFuture}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PersistenceUnitFutureTests {

	private final PersistenceUnitExecutor executor = new PersistenceUnitExecutor("orders", () -> {
	});

	@Test
	void aBeanThatTheUnitNeedsIsCreatedOnTheThreadThatWaits() throws Exception {
		assertThat(this.executor.submit(() -> this.executor.callWhereAwaited(Thread::currentThread)).get())
			.isSameAs(Thread.currentThread());
		assertThat(this.executor.callWhereAwaited(Thread::currentThread)).isSameAs(Thread.currentThread());
	}

	@Test
	void eachThreadThatWaitsGetsTheUnit() {
		CountDownLatch latch = new CountDownLatch(1);
		PersistenceUnitFuture<String> unit = start(() -> {
			latch.await();
			return "unit";
		});
		CompletableFuture<String> first = SeparateThread.supply(() -> get(unit));
		CompletableFuture<String> second = SeparateThread.supply(() -> get(unit));
		latch.countDown();
		assertThat(first.join() + second.join()).isEqualTo("unitunit");
	}

	@Test
	void aBeanThatTheUnitNeedsCannotUseTheUnit() {
		PersistenceUnitFuture<Object>[] unit = newArray();
		unit[0] = new PersistenceUnitFuture<>("orders", () -> {
		}, () -> unit[0].callWhereAwaited(() -> get(unit[0])));
		unit[0].start();
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class).isThrownBy(unit[0]::get)
			.withMessage(
					"Database 'orders': a bean that its persistence unit needs uses the unit, which has not been built yet.")
			.satisfies((failure) -> assertThat(failure.getAction()).isEqualTo(
					"Add @Lazy to the injection point of the repository, EntityManager or EntityManagerFactory in that bean. The stack trace names the bean."));
	}

	@Test
	void theThreadThatBuildsTheUnitCannotUseIt() {
		PersistenceUnitFuture<Object>[] unit = newArray();
		unit[0] = new PersistenceUnitFuture<>("orders", () -> {
		}, () -> get(unit[0]));
		unit[0].start();
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class).isThrownBy(unit[0]::get);
	}

	@Test
	void aFailureIsThrownAsItIs() {
		DatabaseStartException failure = new DatabaseStartException("orders", "message", "action",
				TroubleshootingSection.MIGRATION, null);
		PersistenceUnitFuture<Object> unit = new PersistenceUnitFuture<>("orders", () -> {
			throw failure;
		}, Object::new);
		unit.start();
		assertThatExceptionOfType(DatabaseStartException.class).isThrownBy(unit::get).isSameAs(failure);
	}

	@Test
	void aFailureOfHibernateNamesTheDatabase() {
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class).isThrownBy(start(() -> {
			throw new PersistenceException("failed", new MappingException("no identifier"));
		})::get)
			.withMessage("Database 'orders': the persistence unit could not be built: no identifier")
			.satisfies((failure) -> assertThat(failure.getAction())
				.isEqualTo("Correct the mapping of the entities of the database, its 'jpa' keys, or its schema."));
		assertThatExceptionOfType(DatabaseStartException.class).isThrownBy(start(() -> {
			throw new JDBCConnectionException("failed", new SQLException("closed"));
		})::get)
			.withMessage("Database 'orders': the persistence unit could not be built: closed")
			.satisfies((failure) -> assertThat(failure.getAction()).isEqualTo(
					"Fix the problem described above. If the database was not available, start the application again."));
	}

	@Test
	void closingEndsThePreparation() throws Exception {
		CountDownLatch interrupted = new CountDownLatch(1);
		PersistenceUnitFuture<EntityManagerFactory> unit = new PersistenceUnitFuture<>("orders", () -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
		}, () -> mock(EntityManagerFactory.class));
		unit.start();
		CompletableFuture<Object> waiting = SeparateThread.supply(() -> get(unit));
		unit.shutdown();
		interrupted.await();
		EntityManagerFactory closed = unit.get();
		closed.close();
		assertThatIllegalStateException().isThrownBy(closed::createEntityManager)
			.withMessage("The application was closed before the persistence unit 'orders' was built");
		assertThat(waiting).failsWithin(Duration.ofSeconds(30))
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOf(PersistenceException.class)
			.withMessage("The application was closed before the persistence unit 'orders' was built");
	}

	@Test
	void aUnitThatIsBuiltAfterClosingIsClosed() {
		SessionFactory factory = mock(SessionFactory.class);
		CountDownLatch building = new CountDownLatch(1);
		CountDownLatch latch = new CountDownLatch(1);
		PersistenceUnitFuture<Object> unit = start(() -> {
			building.countDown();
			latch.await();
			return factory;
		});
		await(building);
		unit.shutdown();
		latch.countDown();
		TestDatabases.awaitNoThreads("appdbs-jpa-orders");
		then(factory).should().close();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static <T> PersistenceUnitFuture<T> start(Callable<T> task) {
		PersistenceUnitFuture<T> unit = new PersistenceUnitFuture<>("orders", () -> {
		}, task);
		unit.start();
		return unit;
	}

	@SuppressWarnings("unchecked")
	private static PersistenceUnitFuture<Object>[] newArray() {
		return new PersistenceUnitFuture[1];
	}

	private static <T> T get(PersistenceUnitFuture<T> unit) {
		try {
			return unit.get();
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
