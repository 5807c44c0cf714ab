package io.appdbs.jdbc.schema;

import javax.sql.DataSource;

/**
 * Where look-ups get their connections.
 *
 * @param bean the data source of the application, whose transactions they join
 * @param pool the data source that they borrow from outside of a transaction
 */
public record SchemaDataSources(DataSource bean, DataSource pool) {

}
