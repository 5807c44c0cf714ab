package io.appdbs.audit.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures what the triggers of row audit cost, in one run against a table without them.
 * Nothing is asserted about time. The documentation states the result and the command.
 */
@EnabledIfSystemProperty(named = "appdbs.audit.measure", matches = "\\d+")
class RowAuditOverheadTests {

	private static final int ROUNDS = 5;

	@RegisterExtension
	private static final AuditedDatabases databases = new AuditedDatabases();

	@Test
	void transactionsTakeThisMuchLonger() throws Exception {
		int transactions = Integer.getInteger("appdbs.audit.measure");
		Map<String, String> kinds = new LinkedHashMap<>();
		kinds.put("none", databases.create("ALTER TABLE person DISABLE TRIGGER USER"));
		kinds.put("rows", databases.create("SELECT 1"));
		kinds.put("chain", databases.createChained());
		for (String database : kinds.values()) {
			databases.execute(database, "INSERT INTO person SELECT i, 'Ann', 'DE1' FROM generate_series(0, 15) i");
			run(database, 4, transactions / 4);
		}
		for (int threads : List.of(1, 4, 16)) {
			Map<String, List<Double>> rates = new LinkedHashMap<>();
			for (int round = 0; round < ROUNDS; round++) {
				for (Map.Entry<String, String> kind : kinds.entrySet()) {
					double rate = run(kind.getValue(), threads, transactions / threads);
					rates.computeIfAbsent(kind.getKey(), (key) -> new ArrayList<>()).add(rate);
				}
			}
			double none = median(rates.get("none"));
			rates.forEach(
					(kind, all) -> System.out.printf("MEASURED threads=%d %s: %.0f transactions/s, %.2f times none%n",
							threads, kind, median(all), none / median(all)));
		}
		assertThat(databases.operations(kinds.get("none"))).isEmpty();
		assertThat(databases.operations(kinds.get("chain"))).hasSameSizeAs(databases.operations(kinds.get("rows")))
			.hasSizeGreaterThan(transactions);
	}

	/**
	 * Returns the number of transactions per second.
	 */
	private static double run(String database, int threads, int transactions) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Callable<Void>> writers = new ArrayList<>();
			for (int thread = 0; thread < threads; thread++) {
				int id = thread;
				writers.add(() -> write(database, id, transactions));
			}
			long begin = System.nanoTime();
			for (Future<Void> writer : executor.invokeAll(writers)) {
				writer.get();
			}
			return threads * transactions / ((System.nanoTime() - begin) / 1e9);
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static Void write(String database, int id, int transactions) throws Exception {
		try (Connection connection = databases.connect(database, "app");
				PreparedStatement read = connection.prepareStatement("SELECT name FROM person WHERE id = ?");
				PreparedStatement write = connection.prepareStatement("UPDATE person SET name = ? WHERE id = ?")) {
			connection.setAutoCommit(false);
			for (int i = 0; i < transactions; i++) {
				read.setInt(1, id);
				read.executeQuery().close();
				write.setString(1, "Ann " + i);
				write.setInt(2, id);
				write.executeUpdate();
				connection.commit();
			}
		}
		return null;
	}

	private static double median(List<Double> values) {
		return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
	}

}
