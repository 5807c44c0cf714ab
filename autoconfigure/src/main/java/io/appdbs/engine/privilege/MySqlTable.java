package io.appdbs.engine.privilege;

/**
 * A table of MySQL or MariaDB.
 *
 * @param schema the schema
 * @param name the name
 */
record MySqlTable(String schema, String name) {

}
