/**
 * Entities and a repository of a database with row-level security.
 */
package io.appdbs.rls.journal;
