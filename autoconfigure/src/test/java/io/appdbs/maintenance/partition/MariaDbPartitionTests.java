package io.appdbs.maintenance.partition;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for partitions of MariaDB.
 */
class MariaDbPartitionTests extends MySqlPartitionContractTests {

	MariaDbPartitionTests() {
		super(new PartitionServers("mariadb"),
				"ALTER command denied to user 'app'@'127.0.0.1' for table `test`.`event`");
	}

	@Test
	void partitionsAreDetachedOrDropped() throws Exception {
		create("created DATE", "RANGE COLUMNS (created)",
				"old VALUES LESS THAN ('2026-08-01'), PARTITION p2026_08 VALUES LESS THAN ('2026-09-01'), PARTITION p2026_09 VALUES LESS THAN ('2026-10-01'), PARTITION p2026_10 VALUES LESS THAN ('2026-11-01')");
		server().execute("INSERT INTO event VALUES ('2026-07-01'), ('2026-08-01')");
		assertThat(prepare("partitions[0].keep", "2 months").toString())
			.contains("detached=[`test`.`event_old`, `test`.`event_p2026_08`], dropped=[]");
		assertThat(server().query("SELECT created FROM event_old")).containsExactly("2026-07-01");
		server().setNow("2026-12-01T00:00:00Z");
		assertThat(prepare("partitions[0].keep", "2 months", "partitions[0].drop", "true").toString())
			.contains("detached=[], dropped=[`p2026_09`]");
		assertThat(server().query(PARTITIONS)).first().isEqualTo("p2026_10 '2026-11-01'");
	}

}
