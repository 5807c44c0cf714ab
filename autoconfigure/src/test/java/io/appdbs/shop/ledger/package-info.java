/**
 * Entities and repositories of database 'ledger'.
 */
package io.appdbs.shop.ledger;
