/**
 * Migrations, with one Flyway or Liquibase per database, and SQL scripts.
 */
@NullMarked
package io.appdbs.migration;

import org.jspecify.annotations.NullMarked;
