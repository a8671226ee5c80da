# Completion of muster for fish.
complete -c muster -f
complete -c muster -l url -r -d 'Admin endpoint of the server'
complete -c muster -l token -r -d 'API token'
complete -c muster -l token-file -r -F -d 'File with the API token'
complete -c muster -l ca -r -F -d 'Authorities to trust (https)'
complete -c muster -l json -d 'Print the answer as JSON'
complete -c muster -l help -d 'How to use it'
complete -c muster -n __fish_use_subcommand -a serve -d 'Run the server'
complete -c muster -n __fish_use_subcommand -a config -d 'Look at the configuration'
complete -c muster -n __fish_use_subcommand -a doctor -d 'Say what is wrong with the data and around it'
complete -c muster -n __fish_use_subcommand -a backup -d 'Copy the data into a file'
complete -c muster -n __fish_use_subcommand -a restore -d 'Put a backup in the place of the data'
complete -c muster -n __fish_use_subcommand -a status -d 'How the server is doing'
complete -c muster -n __fish_use_subcommand -a whoami -d 'Who the token stands for, and what role it has'
complete -c muster -n __fish_use_subcommand -a history -d 'The last quarter of an hour'
complete -c muster -n __fish_use_subcommand -a incidents -d 'What went wrong lately'
complete -c muster -n __fish_use_subcommand -a version -d 'Print the version of this program'
complete -c muster -n __fish_use_subcommand -a services -d 'What answers requests'
complete -c muster -n __fish_use_subcommand -a channels -d 'WebSocket endpoints and their rules'
complete -c muster -n __fish_use_subcommand -a connections -d 'The clients that are connected'
complete -c muster -n __fish_use_subcommand -a broadcast -d 'Send one message to many clients'
complete -c muster -n __fish_use_subcommand -a topics -d 'What messages are published to'
complete -c muster -n __fish_use_subcommand -a subscriptions -d 'Who gets the messages of topics'
complete -c muster -n __fish_use_subcommand -a pub -d 'Publish a message to a topic'
complete -c muster -n __fish_use_subcommand -a sub -d 'Follow a topic'
complete -c muster -n __fish_use_subcommand -a operations -d 'Work on many connections'
complete -c muster -n __fish_use_subcommand -a users -d 'People who sign in'
complete -c muster -n __fish_use_subcommand -a tokens -d 'API tokens of programs'
complete -c muster -n '__fish_seen_subcommand_from serve' -l config -r -F
complete -c muster -n '__fish_seen_subcommand_from serve' -l listen -r
complete -c muster -n '__fish_seen_subcommand_from serve' -l admin -r
complete -c muster -n '__fish_seen_subcommand_from serve' -l data -r
complete -c muster -n '__fish_seen_subcommand_from serve' -l name -r
complete -c muster -n '__fish_seen_subcommand_from serve' -l loops -r
complete -c muster -n '__fish_seen_subcommand_from serve' -l workers -r
complete -c muster -n '__fish_seen_subcommand_from serve' -l drain -r
complete -c muster -n '__fish_seen_subcommand_from serve' -l log-level -r
complete -c muster -n '__fish_seen_subcommand_from serve' -l log-format -r
complete -c muster -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from check show' -a check -d 'Say what is wrong with the configuration'
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l config -r -F
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l listen -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l admin -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l data -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l name -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l loops -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l workers -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l drain -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l log-level -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from check' -l log-format -r
complete -c muster -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from check show' -a show -d 'Print what is in force'
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l config -r -F
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l listen -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l admin -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l data -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l name -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l loops -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l workers -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l drain -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l log-level -r
complete -c muster -n '__fish_seen_subcommand_from config; and __fish_seen_subcommand_from show' -l log-format -r
complete -c muster -n '__fish_seen_subcommand_from doctor backup restore' -l config -r -F
complete -c muster -n '__fish_seen_subcommand_from doctor backup restore' -l data -r -a '(__fish_complete_directories)'
complete -c muster -n '__fish_seen_subcommand_from doctor backup restore' -l admin -r
complete -c muster -n '__fish_seen_subcommand_from doctor' -l thorough -d 'Look at everything'
complete -c muster -n '__fish_seen_subcommand_from backup' -l force -d 'Replace a file that is there'
complete -c muster -n '__fish_seen_subcommand_from backup restore' -F
complete -c muster -n '__fish_seen_subcommand_from incidents' -l limit -r
complete -c muster -n '__fish_seen_subcommand_from incidents' -l all
complete -c muster -n '__fish_seen_subcommand_from services; and not __fish_seen_subcommand_from ls' -a ls -d 'List the services'
complete -c muster -n '__fish_seen_subcommand_from channels; and not __fish_seen_subcommand_from ls fields show create edit delete' -a ls -d 'List the channels'
complete -c muster -n '__fish_seen_subcommand_from channels; and not __fish_seen_subcommand_from ls fields show create edit delete' -a fields -d 'What a channel can be given'
complete -c muster -n '__fish_seen_subcommand_from channels; and not __fish_seen_subcommand_from ls fields show create edit delete' -a show -d 'Show one channel'
complete -c muster -n '__fish_seen_subcommand_from channels; and not __fish_seen_subcommand_from ls fields show create edit delete' -a create -d 'Create a channel'
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from create' -l path -r
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from create' -l service -r
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from create' -l security -x -a 'none basic api_key'
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from create' -l credential -r
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from create' -l set -r
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from create' -l data -r
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from create' -l dry-run
complete -c muster -n '__fish_seen_subcommand_from channels; and not __fish_seen_subcommand_from ls fields show create edit delete' -a edit -d 'Change fields of a channel'
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from edit' -l path -r
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from edit' -l service -r
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from edit' -l security -x -a 'none basic api_key'
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from edit' -l credential -r
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from edit' -l set -r
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from edit' -l data -r
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from edit' -l dry-run
complete -c muster -n '__fish_seen_subcommand_from channels; and not __fish_seen_subcommand_from ls fields show create edit delete' -a delete -d 'Delete a channel'
complete -c muster -n '__fish_seen_subcommand_from channels; and __fish_seen_subcommand_from delete' -l dry-run
complete -c muster -n '__fish_seen_subcommand_from connections; and not __fish_seen_subcommand_from ls attributes show messages invoke close' -a ls -d 'List and search the connections'
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from ls' -l channel -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from ls' -l client-id -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from ls' -l selector -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from ls' -l sort -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from ls' -l limit -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from ls' -l columns -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from ls' -l all
complete -c muster -n '__fish_seen_subcommand_from connections; and not __fish_seen_subcommand_from ls attributes show messages invoke close' -a attributes -d 'What is known of connections'
complete -c muster -n '__fish_seen_subcommand_from connections; and not __fish_seen_subcommand_from ls attributes show messages invoke close' -a show -d 'Show one connection'
complete -c muster -n '__fish_seen_subcommand_from connections; and not __fish_seen_subcommand_from ls attributes show messages invoke close' -a messages -d 'The log of a connection'
complete -c muster -n '__fish_seen_subcommand_from connections; and not __fish_seen_subcommand_from ls attributes show messages invoke close' -a invoke -d 'Call clients'
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from invoke' -l selector -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from invoke' -l channel -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from invoke' -l everyone
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from invoke' -l dry-run
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from invoke' -l max -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from invoke' -l pace -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from invoke' -l data -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from invoke' -l timeout -r
complete -c muster -n '__fish_seen_subcommand_from connections; and not __fish_seen_subcommand_from ls attributes show messages invoke close' -a close -d 'Close connections'
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from close' -l selector -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from close' -l channel -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from close' -l everyone
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from close' -l dry-run
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from close' -l max -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from close' -l pace -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from close' -l code -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from close' -l reason -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from close' -l retry -r
complete -c muster -n '__fish_seen_subcommand_from connections; and __fish_seen_subcommand_from close' -l to -r
complete -c muster -n '__fish_seen_subcommand_from broadcast' -l selector -r
complete -c muster -n '__fish_seen_subcommand_from broadcast' -l channel -r
complete -c muster -n '__fish_seen_subcommand_from broadcast' -l everyone
complete -c muster -n '__fish_seen_subcommand_from broadcast' -l dry-run
complete -c muster -n '__fish_seen_subcommand_from broadcast' -l max -r
complete -c muster -n '__fish_seen_subcommand_from broadcast' -l pace -r
complete -c muster -n '__fish_seen_subcommand_from broadcast' -l data -r
complete -c muster -n '__fish_seen_subcommand_from topics; and not __fish_seen_subcommand_from ls fields show create edit delete messages clear publishers' -a ls -d 'List the topics'
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from ls' -l search -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from ls' -l sort -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from ls' -l limit -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from ls' -l all
complete -c muster -n '__fish_seen_subcommand_from topics; and not __fish_seen_subcommand_from ls fields show create edit delete messages clear publishers' -a fields -d 'What a topic can be given'
complete -c muster -n '__fish_seen_subcommand_from topics; and not __fish_seen_subcommand_from ls fields show create edit delete messages clear publishers' -a show -d 'Show one topic'
complete -c muster -n '__fish_seen_subcommand_from topics; and not __fish_seen_subcommand_from ls fields show create edit delete messages clear publishers' -a create -d 'Create a topic'
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from create' -l set -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from create' -l data -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from create' -l dry-run
complete -c muster -n '__fish_seen_subcommand_from topics; and not __fish_seen_subcommand_from ls fields show create edit delete messages clear publishers' -a edit -d 'Change fields of a topic'
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from edit' -l set -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from edit' -l data -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from edit' -l dry-run
complete -c muster -n '__fish_seen_subcommand_from topics; and not __fish_seen_subcommand_from ls fields show create edit delete messages clear publishers' -a delete -d 'Delete a topic'
complete -c muster -n '__fish_seen_subcommand_from topics; and not __fish_seen_subcommand_from ls fields show create edit delete messages clear publishers' -a messages -d 'List and search its messages'
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from messages' -l msg-id -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from messages' -l text -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from messages' -l oldest-first
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from messages' -l limit -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from messages' -l all
complete -c muster -n '__fish_seen_subcommand_from topics; and not __fish_seen_subcommand_from ls fields show create edit delete messages clear publishers' -a clear -d 'Delete its messages'
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from clear' -l msg-id -r
complete -c muster -n '__fish_seen_subcommand_from topics; and not __fish_seen_subcommand_from ls fields show create edit delete messages clear publishers' -a publishers -d 'Who has published lately'
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from publishers' -l limit -r
complete -c muster -n '__fish_seen_subcommand_from topics; and __fish_seen_subcommand_from publishers' -l all
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and not __fish_seen_subcommand_from ls show messages clear add delete' -a ls -d 'List those of a topic or a connection'
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from ls' -l topic -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from ls' -l connection -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from ls' -l search -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from ls' -l sort -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from ls' -l limit -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from ls' -l all
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and not __fish_seen_subcommand_from ls show messages clear add delete' -a show -d 'Show one subscription'
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and not __fish_seen_subcommand_from ls show messages clear add delete' -a messages -d 'List and search its messages'
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from messages' -l msg-id -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from messages' -l text -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from messages' -l oldest-first
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from messages' -l limit -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from messages' -l all
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and not __fish_seen_subcommand_from ls show messages clear add delete' -a clear -d 'Delete its messages'
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from clear' -l msg-id -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and not __fish_seen_subcommand_from ls show messages clear add delete' -a add -d 'Subscribe a client'
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from add' -l ack -x -a 'auto client'
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from add' -l from -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from add' -l durable
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from add' -l batch -r
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and __fish_seen_subcommand_from add' -l wrap-one
complete -c muster -n '__fish_seen_subcommand_from subscriptions; and not __fish_seen_subcommand_from ls show messages clear add delete' -a delete -d 'End a subscription'
complete -c muster -n '__fish_seen_subcommand_from pub' -l data -r
complete -c muster -n '__fish_seen_subcommand_from pub' -l priority -r
complete -c muster -n '__fish_seen_subcommand_from pub' -l expiration -r
complete -c muster -n '__fish_seen_subcommand_from pub' -l key -r
complete -c muster -n '__fish_seen_subcommand_from pub' -l msg-id -r
complete -c muster -n '__fish_seen_subcommand_from pub' -l correl-id -r
complete -c muster -n '__fish_seen_subcommand_from pub' -l in-reply-to -r
complete -c muster -n '__fish_seen_subcommand_from pub' -l mime-type -r
complete -c muster -n '__fish_seen_subcommand_from sub' -l channel -r
complete -c muster -n '__fish_seen_subcommand_from sub' -l ws -r
complete -c muster -n '__fish_seen_subcommand_from sub' -l client-id -r
complete -c muster -n '__fish_seen_subcommand_from sub' -l username -r
complete -c muster -n '__fish_seen_subcommand_from sub' -l secret -r
complete -c muster -n '__fish_seen_subcommand_from sub' -l from -r
complete -c muster -n '__fish_seen_subcommand_from sub' -l count -r
complete -c muster -n '__fish_seen_subcommand_from sub' -l durable
complete -c muster -n '__fish_seen_subcommand_from sub' -l ack
complete -c muster -n '__fish_seen_subcommand_from operations; and not __fish_seen_subcommand_from show cancel' -a show -d 'How far an operation is'
complete -c muster -n '__fish_seen_subcommand_from operations; and not __fish_seen_subcommand_from show cancel' -a cancel -d 'Do no more of an operation'
complete -c muster -n '__fish_seen_subcommand_from users; and not __fish_seen_subcommand_from ls add edit rm' -a ls -d 'List the users'
complete -c muster -n '__fish_seen_subcommand_from users; and not __fish_seen_subcommand_from ls add edit rm' -a add -d 'Add a user'
complete -c muster -n '__fish_seen_subcommand_from users; and __fish_seen_subcommand_from add' -l role -x -a 'viewer operator admin'
complete -c muster -n '__fish_seen_subcommand_from users; and __fish_seen_subcommand_from add' -l password-stdin
complete -c muster -n '__fish_seen_subcommand_from users; and not __fish_seen_subcommand_from ls add edit rm' -a edit -d 'Change a user'
complete -c muster -n '__fish_seen_subcommand_from users; and __fish_seen_subcommand_from edit' -l role -x -a 'viewer operator admin'
complete -c muster -n '__fish_seen_subcommand_from users; and __fish_seen_subcommand_from edit' -l password
complete -c muster -n '__fish_seen_subcommand_from users; and __fish_seen_subcommand_from edit' -l password-stdin
complete -c muster -n '__fish_seen_subcommand_from users; and not __fish_seen_subcommand_from ls add edit rm' -a rm -d 'Remove a user'
complete -c muster -n '__fish_seen_subcommand_from tokens; and not __fish_seen_subcommand_from ls add rm' -a ls -d 'List the tokens'
complete -c muster -n '__fish_seen_subcommand_from tokens; and not __fish_seen_subcommand_from ls add rm' -a add -d 'Make a token'
complete -c muster -n '__fish_seen_subcommand_from tokens; and __fish_seen_subcommand_from add' -l role -x -a 'viewer operator admin'
complete -c muster -n '__fish_seen_subcommand_from tokens; and not __fish_seen_subcommand_from ls add rm' -a rm -d 'Revoke a token'
