/**
 * Entities and repositories of database 'stock'.
 */
package io.appdbs.warehouse.stock;
