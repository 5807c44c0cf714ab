/**
 * Entities and repositories of database 'quotes'.
 */
package io.appdbs.warehouse.quotes;
