package io.appdbs.engine.schema;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TableInformation.ForeignKey;
import io.appdbs.schema.TableInformation.Index;
import io.appdbs.schema.TypeFamily;
import org.h2.tools.SimpleResultSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link JdbcSchemaReader}, with the metadata of a driver that answers requests
 * about one table only.
 */
class JdbcSchemaReaderTests {

	private final DatabaseMetaData metaData = mock();

	private final Connection connection = mock();

	private final JdbcSchemaReader reader = new JdbcSchemaReader();

	@BeforeEach
	void connect() throws SQLException {
		given(this.connection.getMetaData()).willReturn(this.metaData);
		given(this.connection.getCatalog()).willReturn("shop");
		given(this.metaData.getSearchStringEscape()).willReturn("\\");
		given(this.metaData.supportsSchemasInTableDefinitions()).willReturn(true);
		given(this.metaData.storesUpperCaseIdentifiers()).willReturn(true);
	}

	@Test
	void wildcardsInNamesAreEscapedInPatternsOnly() throws SQLException {
		given(this.metaData.getTables("shop", "A\\_B", "C\\%", null))
			.willReturn(rows(List.of("TABLE_NAME", "TABLE_TYPE"), List.of("c%", "TABLE"), List.of("C%", "VIEW")));
		given(this.metaData.getColumns("shop", "A\\_B", "C\\%", "%")).willReturn(columns());
		given(this.metaData.getIndexInfo("shop", "A_B", "C%", false, true)).willReturn(indexes());
		given(this.metaData.getPrimaryKeys("shop", "A_B", "C%")).willReturn(rows(List.of("COLUMN_NAME", "KEY_SEQ")));
		given(this.metaData.getImportedKeys("shop", "A_B", "C%")).willReturn(foreignKeys());
		assertThat(this.reader.readAccess(this.connection, "A_B", "C%")).isEqualTo(TableAccess.GRANTED);
		assertThat(this.reader.readColumns(this.connection, "A_B", "C%")).isEmpty();
		assertThat(this.reader.readIndexes(this.connection, "A_B", "C%")).isEmpty();
		assertThat(this.reader.readForeignKeys(this.connection, "A_B", "C%")).isEmpty();
		assertThat(this.reader.readSize(this.connection, "A_B", "C%")).isEqualTo(TableSize.UNKNOWN);
	}

	@Test
	void whenTheEngineHasNoSchemasThenTheCatalogIsTheNameOfTheSchema() throws SQLException {
		given(this.metaData.supportsSchemasInTableDefinitions()).willReturn(false);
		given(this.metaData.getTables("a_b", null, "c\\_d", null))
			.willReturn(rows(List.of("TABLE_NAME", "TABLE_TYPE"), List.of("c_d", "SEQUENCE")));
		assertThat(this.reader.readAccess(this.connection, "a_b", "c_d")).isEqualTo(TableAccess.MISSING);
	}

	@Test
	void onlyTablesAndViewsAreListed() throws SQLException {
		given(this.metaData.getTables("shop", "S", "%", null)).willReturn(rows(List.of("TABLE_NAME", "TABLE_TYPE"),
				List.of("B", "BASE TABLE"), List.of("I", "INDEX"), List.of("T", "TYPE"),
				List.of("S", "TEMPORARY SEQUENCE"), List.of("A", "VIEW"), List.of("C", "TABLE")));
		assertThat(this.reader.readTables(this.connection, "S", 2)).containsExactly("A", "B");
	}

	@Test
	void columnsOfSimilarTablesAreLeftOut() throws SQLException {
		given(this.metaData.getColumns("shop", "S", "T", "%"))
			.willReturn(columns(List.of("T", "A", Types.NUMERIC, "NUMBER", 10, 2, 0, "1"),
					List.of("t", "B", Types.INTEGER, "INTEGER", 10, 0, 1, "2")));
		assertThat(this.reader.readColumns(this.connection, "S", "T"))
			.containsExactly(new Column("A", "NUMBER(10,2)", TypeFamily.NUMBER, false, "1"));
	}

	@Test
	void anIndexHasItsColumnsInOrder() throws SQLException {
		given(this.metaData.getIndexInfo("shop", "S", "T", false, true)).willReturn(indexes(
				row(false, null, DatabaseMetaData.tableIndexStatistic, null, null), row(true, "ONE", 3, "A", null),
				row(true, "ONE", 3, null, null), row(false, "TWO", 3, "ID", "A IS NULL")));
		given(this.metaData.getPrimaryKeys("shop", "S", "T"))
			.willAnswer((invocation) -> rows(List.of("COLUMN_NAME", "KEY_SEQ"), List.of("B", 2), List.of("A", 1)));
		assertThat(this.reader.readIndexes(this.connection, "S", "T")).containsExactly(
				new Index("ONE", List.of("A", "(expression)"), false, true, false),
				new Index("TWO", List.of("ID"), true, true, true),
				new Index("PRIMARY KEY", List.of("A", "B"), true, true, false));
	}

	@Test
	void foreignKeysThatAreMixedAreSeparated() throws SQLException {
		given(this.metaData.getImportedKeys("shop", "S", "T")).willReturn(
				foreignKeys(List.of("S", "Other", "X", "A", 1, "FK_1"), List.of("S", "Other", "X", "C", 1, "FK_2"),
						List.of("S", "Other", "Y", "B", 2, "FK_1"), List.of("S", "Other", "Y", "D", 2, "FK_2")));
		assertThat(this.reader.readForeignKeys(this.connection, "S", "T")).containsExactly(
				new ForeignKey("FK_1", List.of("A", "B"), "S.\"Other\"", List.of("X", "Y")),
				new ForeignKey("FK_2", List.of("C", "D"), "S.\"Other\"", List.of("X", "Y")));
	}

	@Test
	void foreignKeysWithoutNamesBeginWithTheirFirstColumn() throws SQLException {
		given(this.metaData.getImportedKeys("shop", "S", "T")).willReturn(foreignKeys(row("S", "O", "X", "A", 1, null),
				row("S", "O", "Y", "B", 2, null), row("S", "P", "X", "A", 1, null)));
		assertThat(this.reader.readForeignKeys(this.connection, "S", "T")).containsExactly(
				new ForeignKey(null, List.of("A", "B"), "S.O", List.of("X", "Y")),
				new ForeignKey(null, List.of("A"), "S.P", List.of("X")));
	}

	static Stream<Arguments> types() {
		return Stream.of(Arguments.of(Types.BIGINT, "int8", 19, TypeFamily.NUMBER),
				Arguments.of(Types.NVARCHAR, "nvarchar", 20, TypeFamily.TEXT),
				Arguments.of(Types.CLOB, "CLOB", 0, TypeFamily.TEXT),
				Arguments.of(Types.BIT, "bool", 1, TypeFamily.BOOLEAN), Arguments.of(Types.BIT, "BIT", 8, null),
				Arguments.of(Types.DATE, "date", 0, TypeFamily.DATE),
				Arguments.of(Types.TIME_WITH_TIMEZONE, "timetz", 0, TypeFamily.TIME),
				Arguments.of(Types.TIMESTAMP, "datetime2", 0, TypeFamily.TIMESTAMP),
				Arguments.of(Types.BINARY, "UUID", 16, TypeFamily.UUID),
				Arguments.of(Types.CHAR, "uniqueidentifier", 36, TypeFamily.UUID),
				Arguments.of(Types.OTHER, "JSON", 0, TypeFamily.JSON),
				Arguments.of(Types.BLOB, "blob", 0, TypeFamily.BINARY), Arguments.of(Types.ARRAY, "int4[]", 0, null));
	}

	@ParameterizedTest
	@MethodSource("types")
	void typesHaveFamilies(int type, String name, int size, TypeFamily family) {
		assertThat(JdbcTypes.toFamily(type, name, size)).isEqualTo(family);
	}

	@Test
	void familiesAreFoundByTheirNames() {
		assertThat(TypeFamily.find("Timestamp")).isEqualTo(TypeFamily.TIMESTAMP);
		assertThat(TypeFamily.find("timestamptz")).isNull();
	}

	@Test
	void namesOfTypesAreEqualWithoutArguments() {
		Column column = new Column("A", "Character  Varying(20)", TypeFamily.TEXT, true, null);
		assertThat(this.reader.hasType(column, "character varying")).isTrue();
		assertThat(this.reader.hasType(column, "\"CHARACTER VARYING\"")).isTrue();
		assertThat(this.reader.hasType(column, "character varying( 20 )")).isTrue();
		assertThat(this.reader.hasType(column, "character varying(21)")).isFalse();
		assertThat(this.reader.hasType(column, "character")).isFalse();
	}

	private static ResultSet columns(List<?>... rows) {
		return rows(List.of("TABLE_NAME", "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "DECIMAL_DIGITS",
				"NULLABLE", "COLUMN_DEF"), rows);
	}

	private static ResultSet indexes(List<?>... rows) {
		return rows(List.of("NON_UNIQUE", "INDEX_NAME", "TYPE", "COLUMN_NAME", "FILTER_CONDITION"), rows);
	}

	private static ResultSet foreignKeys(List<?>... rows) {
		return rows(List.of("PKTABLE_SCHEM", "PKTABLE_NAME", "PKCOLUMN_NAME", "FKCOLUMN_NAME", "KEY_SEQ", "FK_NAME"),
				rows);
	}

	private static List<?> row(Object... values) {
		return Arrays.asList(values);
	}

	private static ResultSet rows(List<String> labels, List<?>... rows) {
		SimpleResultSet result = new SimpleResultSet();
		labels.forEach((label) -> result.addColumn(label, Types.VARCHAR, 0, 0));
		Stream.of(rows).forEach((row) -> result.addRow(row.toArray()));
		return result;
	}

}
