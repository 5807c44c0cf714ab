package io.appdbs.engine.replication;

import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the positions of {@link MariaDbReplication} and {@link MySqlReplication}, and
 * for {@link ReplicationChannel}.
 */
class ReplicationPositionTests {

	private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

	private static final String B = "4350f323-7565-4e59-8763-4b1b83a0ce0e";

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			0-1-10        | ""             | 0-1-10        | true
			0-1-11        | ""             | 0-1-10        | true
			0-1-9         | ""             | 0-1-10        | false
			0-1-9         | 0-1-9,0-2-12   | 0-1-10        | false
			""            | 0-2-12         | 0-1-10        | false
			""            | 0-1-10,0-2-12  | 0-1-10        | true
			0-1-10        | ""             | 0-1-10,5-1-1  | false
			0-1-10,5-1-1  | ""             | 0-1-10,5-1-1  | true
			0-1-10,5-1-1  | ""             | ""            | true
			0-2-11        | ""             | 0-1-10        | true
			1-1-10        | 1-1-10         | 0-1-10        | false
			""            | ""             | ""            | true
			""")
	void replicaOfMariaDbHasAllChangesIfNoneOfAnyDomainIsMissing(String applied, String logged, String database,
			boolean contained) {
		assertThat(MariaDbReplication.GtidPosition.of(applied, logged)
			.contains(MariaDbReplication.GtidPosition.of(database, ""))).isEqualTo(contained);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			a:1-10               | a:1-10          | true
			a:1-10               | a:1-11          | false
			a:1-9,b:1-12         | a:1-10          | false
			b:1-12               | a:1             | false
			a:1-10,b:1           | a:1-10          | true
			a:1-3:5-10           | a:1-10          | false
			a:1-3:5-10           | a:2-3:7         | true
			a:1-3:5-10           | a:4             | false
			a:1-10:tag:1-2       | a:1-10:tag:1-3  | false
			a:1-10:tag:1-3:20    | a:tag:2:20      | true
			a:1-10               | a:1:tag:1       | false
			a:1-10               | ""              | true
			""                   | a:1             | false
			""                   | ""              | true
			""")
	void replicaOfMySqlHasAllChangesIfItsSetContainsThatOfTheDatabase(String replica, String database,
			boolean contained) {
		assertThat(mySql(replica).contains(mySql(database))).isEqualTo(contained);
	}

	@Test
	void positionsOfServersOfDifferentEnginesDoNotContainEachOther() {
		assertThat(mySql("").contains(MariaDbReplication.GtidPosition.of("", ""))).isFalse();
		assertThat(MariaDbReplication.GtidPosition.of("", "").contains(mySql(""))).isFalse();
	}

	@Test
	void whenNoThreadsOfAnyChannelRunThenTheProblemIsThatOfTheFirst() {
		ReplicationChannel running = new ReplicationChannel(true, 0, true, 0);
		ReplicationChannel noSql = new ReplicationChannel(true, 0, false, 1062);
		ReplicationChannel noReceiver = new ReplicationChannel(false, 1236, true, 0);
		ReplicationChannel none = new ReplicationChannel(false, 0, false, 0);
		assertThat(ReplicationChannel.findProblem(List.of())).isEqualTo("follows no other server");
		assertThat(ReplicationChannel.findProblem(List.of(noSql, running))).isNull();
		assertThat(ReplicationChannel.findProblem(List.of(noSql, noReceiver)))
			.isEqualTo("has stopped replicating: its SQL thread is not running (error 1062)");
		assertThat(ReplicationChannel.findProblem(List.of(noReceiver)))
			.isEqualTo("has stopped replicating: its I/O thread is not running (error 1236)");
		assertThat(ReplicationChannel.findProblem(List.of(none)))
			.isEqualTo("has stopped replicating: neither its I/O thread nor its SQL thread is running");
	}

	@Test
	void loginWithoutThePrivilegeIsRecognized() {
		assertThat(ReplicationChannel.isDenied(new SQLException("", "42000", 1227))).isTrue();
		assertThat(ReplicationChannel.isDenied(new SQLException("", "42000", 1064))).isFalse();
	}

	/**
	 * As a server writes it.
	 */
	private static MySqlReplication.GtidSet mySql(String set) {
		return MySqlReplication.GtidSet.of(set.replace("b:", B + ":").replaceAll("\\ba:", A + ":").replace(",", ",\n"));
	}

}
