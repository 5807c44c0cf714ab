package io.appdbs.maintenance.partition;

import io.appdbs.testsupport.server.RequiresMySql;

/**
 * Tests for partitions of MySQL.
 */
@RequiresMySql
class MySqlPartitionTests extends MySqlPartitionContractTests {

	MySqlPartitionTests() {
		super(new PartitionServers("mysql"), "ALTER command denied to user 'app'@'localhost' for table 'event'");
	}

}
