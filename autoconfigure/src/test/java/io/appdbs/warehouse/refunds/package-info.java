/**
 * Entities and repositories of database 'refunds'.
 */
package io.appdbs.warehouse.refunds;
