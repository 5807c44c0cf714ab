package io.appdbs.repositories.jpa;

import org.springframework.data.jpa.repository.JpaRepository;

interface ItemRepository extends JpaRepository<JpaRepositoriesTests.Item, String> {

}
