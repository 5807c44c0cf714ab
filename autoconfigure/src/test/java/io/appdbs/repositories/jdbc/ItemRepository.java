package io.appdbs.repositories.jdbc;

import org.springframework.data.repository.ListCrudRepository;

interface ItemRepository extends ListCrudRepository<JdbcRepositoriesTests.Item, Integer> {

}
