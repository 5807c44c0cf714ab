package io.appdbs;

/**
 * The result of {@link Databases#remove(String, java.time.Duration)}.
 *
 * @param database the name of the database
 * @param removed whether there was a database of that name that had been added at run
 * time
 * @param aborted how many connections were still in use after the time to drain, and have
 * been aborted
 */
public record DatabaseRemoval(String database, boolean removed, int aborted) {

}
