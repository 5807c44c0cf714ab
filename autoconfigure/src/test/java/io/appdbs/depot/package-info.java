/**
 * Entities with generated keys, and their repositories.
 */
package io.appdbs.depot;
