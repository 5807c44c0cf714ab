/**
 * Entities and repositories of database 'audit'.
 */
package io.appdbs.shop.audit;
