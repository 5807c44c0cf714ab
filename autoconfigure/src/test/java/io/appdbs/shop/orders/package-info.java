/**
 * Entities and repositories of database 'orders'.
 */
package io.appdbs.shop.orders;
