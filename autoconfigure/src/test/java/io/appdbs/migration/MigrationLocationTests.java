package io.appdbs.migration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationLocation}.
 */
class MigrationLocationTests {

	@ParameterizedTest
	@CsvSource({ "classpath:db/migration/orders, orders", "db/migration/orders/, orders",
			"classpath:/db/migration/orders, orders", "classpath:db/migration/orders/common, orders",
			"classpath:db/migration/orders/{vendor}, orders", "classpath:db/migration/{vendor}, h2",
			"classpath:db/migration, orders", "classpath:db/migration, ''", "classpath:db, orders", "classpath:db, ''",
			"classpath:, ''", "classpath:/, orders", "classpath:db/migration/*/sql, orders", "classpath:db/**, orders",
			"classpath:db/migration/ord*, orders", "filesystem:src/main/resources/db/migration/orders, orders",
			"filesystem:/srv/db/migration, ''" })
	void isInTheFolder(String location, String folder) {
		assertThat(MigrationLocation.of(location).isIn(folder)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "classpath:db/migration/orders, ordres", "classpath:db/migration/orders, ''",
			"classpath:db/migration/orders-archive, orders", "classpath:db/migrations/orders, orders",
			"classpath:db/{vendor}, orders", "classpath:db/{vendor}, ''", "classpath:db/migration/{vendor}, ''",
			"classpath:shared, orders", "filesystem:/srv/mydb/migration/orders, orders", "filesystem:/srv, ''" })
	void isNotInTheFolder(String location, String folder) {
		assertThat(MigrationLocation.of(location).isIn(folder)).isFalse();
	}

}
