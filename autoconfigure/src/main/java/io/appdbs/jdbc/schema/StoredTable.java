package io.appdbs.jdbc.schema;

/**
 * A table that exists, under the names that the server stores.
 *
 * @param schema the schema or, where the engine has none, the database
 * @param name the name
 * @param granted whether the login may use it
 */
record StoredTable(String schema, String name, boolean granted) {

}
