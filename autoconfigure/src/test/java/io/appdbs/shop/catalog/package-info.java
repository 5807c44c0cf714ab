/**
 * Entities and repositories of database 'catalog'.
 */
package io.appdbs.shop.catalog;
