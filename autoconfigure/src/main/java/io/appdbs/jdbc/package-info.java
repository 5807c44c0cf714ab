/**
 * Relational databases: data sources, exceptions and checks.
 * <p>
 * A connection passes these layers, from the {@code DataSource} bean down to the driver.
 * {@code RelationalBeans.dataSource} creates the first four, the bean's;
 * {@code ConnectionPool} creates the others, which belong to the pool and change with it:
 * <ol>
 * <li>{@code QueryLogDataSource}, outermost, so that it logs the statements as the
 * application wrote them. Only with a query log.</li>
 * <li>{@code AuditDataSource} records the units of work, as it sees the statements of the
 * application without those of row-level security. Only with an audit of statements.</li>
 * <li>{@code RlsDataSource} applies the user's context to each statement, on the database
 * and on its replicas alike. Only with row-level security.</li>
 * <li>{@code ReplicaRoutingDataSource} chooses the database or a replica, each of which
 * has all layers below. Only with replicas.</li>
 * <li>{@code FailFastDataSource} fails immediately while the database is down, and is the
 * first layer that exists for each database.</li>
 * <li>{@code HikariDataSource} pools. The layers below it cost nothing per borrow.</li>
 * <li>{@code ValidatedConnections} validates for the pool, so it is directly below
 * it.</li>
 * <li>{@code SessionTrackingDataSource} tracks changes of sessions, including those by
 * the pool, through the driver's own interfaces. Not with
 * {@code pool.on-session-change=keep}.</li>
 * <li>{@code DriverDataSource} opens connections with the current credentials and
 * remembers them, so that they can be aborted.</li>
 * </ol>
 */
@NullMarked
package io.appdbs.jdbc;

import org.jspecify.annotations.NullMarked;
