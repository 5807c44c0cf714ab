package io.appdbs.benchmarks.inspection;

import java.util.List;
import java.util.Locale;

import io.github.mfvanek.pg.connection.PgConnection;
import io.github.mfvanek.pg.connection.PgConnectionImpl;
import io.github.mfvanek.pg.core.checks.common.DatabaseCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.DuplicatedIndexesCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.ForeignKeysNotCoveredWithIndexCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.IndexesWithBloatCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.InvalidIndexesCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.SequenceOverflowCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.TablesWithBloatCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.TablesWithoutPrimaryKeyCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.UnusedIndexesCheckOnHost;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The checks of pg-index-health that findings have as well. Each is cancelled after 20 s.
 */
final class PgIndexHealthChecks {

	private static final int ROUNDS = 3;

	private static final double LIMIT_MILLIS = 20_000;

	private PgIndexHealthChecks() {
	}

	/**
	 * Prints the best time of each check and returns their sum.
	 */
	static double measure(String url) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(url + "&options=-c%20statement_timeout=" + (int) LIMIT_MILLIS);
		PgConnection connection = PgConnectionImpl.ofUrl(dataSource, url);
		System.out.printf("%n%-38s %21s%n", "pg-index-health, milliseconds", "warm");
		double sum = 0;
		for (DatabaseCheckOnHost<?> check : List.of(new UnusedIndexesCheckOnHost(connection),
				new DuplicatedIndexesCheckOnHost(connection), new InvalidIndexesCheckOnHost(connection),
				new ForeignKeysNotCoveredWithIndexCheckOnHost(connection),
				new TablesWithoutPrimaryKeyCheckOnHost(connection), new SequenceOverflowCheckOnHost(connection),
				new TablesWithBloatCheckOnHost(connection), new IndexesWithBloatCheckOnHost(connection))) {
			sum += measure(check);
		}
		System.out.printf("%-38s %21.0f%n", "all of these", sum);
		return sum;
	}

	private static double measure(DatabaseCheckOnHost<?> check) {
		double best = LIMIT_MILLIS;
		String outcome = "";
		for (int round = 0; round < ROUNDS; round++) {
			long begin = System.nanoTime();
			try {
				outcome = check.check().size() + " found";
				best = Math.min(best, InspectionBenchmark.millisSince(begin));
			}
			catch (RuntimeException ex) {
				outcome = "cancelled";
				break;
			}
		}
		System.out.printf("%-38s %21.0f   %s%n", check.getName().toLowerCase(Locale.ROOT), best, outcome);
		return best;
	}

}
